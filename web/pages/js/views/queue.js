// SPDX-License-Identifier: GPL-3.0-or-later
// What waits for the checker, oldest first, and what waits for its timestamp.
import { api } from '../api.js';
import { backlog } from '../backlog.js';
import { button, empty, fill, h, icon, notice, tag } from '../dom.js';
import { age, t } from '../i18n.js';
import { documentState, titleOf, typeNames } from '../lists.js';

const item = (d, names, address) => h('a', { class: 'item', href: address },
	h('span', { class: 'grow' }, h('span', { class: 'title' }, titleOf(d, names)), h('br'), h('span', { class: 'quiet small' }, h('span', { class: 'mono' }, d.id), '　', t('doc.pages', { n: d.pages }), '　', t('queue.by', { by: d.by }))),
	documentState(d.state, d.state === 'confirmed' ? Boolean(d.stamped) : undefined), tag(d.age_s > 86400 * 2 ? 'bad' : 'plain', 'wait', age(d.age_s)));

export function queue({ refresh, onleave }) {
	const waiting = h('div', { class: 'list' }), untimed = h('div', { class: 'list' });
	const load = async () => {
		try {
			const names = await typeNames();
			const [a, b] = await Promise.all([api.queue('submitted'), api.queue('untimed')]);
			fill(waiting, ...a.documents.map((d) => item(d, names, `#/confirm/${d.id}`)));
			fill(untimed, ...b.documents.map((d) => item(d, names, `#/doc/${d.id}`)));
			if (a.documents.length === 0)
				waiting.append(empty('check', t('queue.empty')));
			if (b.documents.length === 0)
				untimed.append(empty('check', t('queue.untimed.empty')));
		} catch (e) {
			fill(waiting, notice('bad', e.message));
		}
	};
	load();
	return h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('nav.queue')), button(t('refresh'), 'work', refresh), h('p', { class: 'lead' }, t('queue.lead')), backlog(onleave)),
		h('section', { class: 'card' }, h('h2', {}, icon('seal'), t('queue.waiting')), waiting),
		h('section', { class: 'card' }, h('h2', {}, icon('wait'), t('queue.untimed')), h('p', { class: 'quiet small' }, t('queue.untimed.lead')), untimed));
}
