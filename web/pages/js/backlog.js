// SPDX-License-Identifier: GPL-3.0-or-later
// What recognition still has to do, and how long that will likely take: said where people wait for it.
import { api } from './api.js';
import { fill, h, icon } from './dom.js';
import { age, t } from './i18n.js';

const EVERY_MS = 10000;

const line = (key, n, seconds) => seconds === undefined ? t(key, { n }) : t(`${key}.time`, { n, age: age(seconds) });

// Sentences of status.queue. Without a measure of the pace nothing is said of time.
export function backlogWords(queue) {
	const words = [];
	if (queue.recognition > 0)
		words.push(line('backlog.first', queue.recognition, queue.recognition_s));
	if (queue.further > 0)
		words.push(line('backlog.further', queue.further, queue.further_s));
	return words.length > 0 ? words : [t('backlog.none')];
}

// A line that keeps itself true while the view is open.
export function backlog(onleave) {
	const place = h('p', { class: 'backlog quiet', role: 'status' });
	const look = async () => {
		try {
			const { queue } = await api.status();
			fill(place, icon(queue.recognition > 0 || queue.further > 0 ? 'work' : 'check'), backlogWords(queue).join('　'));
		} catch {
			fill(place);
		}
	};
	const timer = setInterval(look, EVERY_MS);
	onleave(() => clearInterval(timer));
	look();
	return place;
}
