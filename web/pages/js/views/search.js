// SPDX-License-Identifier: GPL-3.0-or-later
// One box. What is typed never stands in an address: it may be a person's name. Each search is an entry of the log, so letters that an input method still composes are not sent.
import { api, pageFile } from '../api.js';
import { button, empty, fill, h, icon, notice } from '../dom.js';
import { date, t } from '../i18n.js';
import { documentState, titleOf, typeNames } from '../lists.js';
import { picture } from '../picture.js';

const LIMIT = 20;
const WAIT_MS = 350;
const kept = { query: '', answer: null }; // of this visit, for coming back from a record
const marks = new Map(); // "D000001/2" → {marks, width, height}

export const marksOf = (document, n) => marks.get(`${document}/${n}`);
export const lastQuery = () => kept.query;

// Parts of the snippet between highlights, counted in code points as the box does.
function snippet(hit) {
	const points = [...(hit.snippet ?? '')];
	const out = [];
	let at = 0;
	for (const [start, length] of hit.highlight ?? []) {
		out.push(points.slice(at, start).join(''), h('mark', {}, points.slice(start, start + length).join('')));
		at = start + length;
	}
	out.push(points.slice(at).join(''));
	return h('p', { class: 'snippet' }, out);
}

function row(hit, names) {
	if (hit.marks?.length)
		marks.set(`${hit.document}/${hit.page}`, hit);
	return h('li', {}, h('a', { class: 'hit', href: `#/doc/${hit.document}/${hit.page}` },
		picture(pageFile(hit.document, hit.page, 'thumb'), ''),
		h('div', {}, h('div', { class: 'row' }, h('span', { class: 'title' }, titleOf(hit, names)), documentState(hit.state)),
			h('p', { class: 'quiet small' }, [hit.fields?.date && date(hit.fields.date), hit.document, t('page.n', { n: hit.page })].filter(Boolean).join('　')), snippet(hit))));
}

export function search({ onleave }) {
	const input = h('input', { type: 'search', id: 'q', 'aria-label': t('search.label'), placeholder: t('search.placeholder'), maxlength: 256, autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search', value: kept.query });
	const count = h('p', { class: 'quiet number', role: 'status' });
	const list = h('ol', { class: 'list' });
	const more = h('div', { class: 'row' });
	let names = new Map(), running, timer, composing = false;

	const show = (answer, append) => {
		const rows = answer.hits.map((hit) => row(hit, names));
		append ? list.append(...rows) : fill(list, ...rows);
		count.textContent = answer.total === 0 ? '' : t(answer.total_exact === false ? 'search.about' : 'search.total', { n: answer.total.toLocaleString() });
		if (answer.total === 0)
			fill(list, h('li', {}, empty('search', t('search.nothing', { query: kept.query }))));
		fill(more, list.children.length < answer.total ? button(t('search.more'), 'plus', () => run(list.children.length)) : '');
	};
	const run = async (offset = 0) => {
		const query = input.value.trim();
		clearTimeout(timer);
		running?.abort();
		if (query === '') {
			kept.query = '';
			kept.answer = null;
			fill(list);
			fill(more);
			count.textContent = '';
			return;
		}
		running = new AbortController();
		try {
			const answer = await api.search(query, LIMIT, offset, running.signal);
			kept.query = query;
			kept.answer = offset === 0 ? answer : { ...answer, hits: [...kept.answer.hits, ...answer.hits] };
			show(answer, offset > 0);
		} catch (e) {
			if (e.name !== 'AbortError') {
				fill(list, h('li', {}, notice('bad', e.message)));
				fill(more);
			}
		}
	};
	const soon = () => {
		clearTimeout(timer);
		if (!composing && input.value.trim() !== kept.query)
			timer = setTimeout(run, WAIT_MS);
	};
	input.addEventListener('compositionstart', () => { composing = true; });
	input.addEventListener('compositionend', () => { composing = false; soon(); });
	input.addEventListener('input', soon);
	list.addEventListener('keydown', (e) => {
		const all = [...list.querySelectorAll('a.hit')], at = all.indexOf(document.activeElement);
		if (at >= 0 && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
			e.preventDefault();
			(all[at + (e.key === 'ArrowDown' ? 1 : -1)] ?? input).focus();
		}
	});
	input.addEventListener('keydown', (e) => {
		if (e.key === 'ArrowDown' && !composing) {
			e.preventDefault();
			list.querySelector('a.hit')?.focus();
		}
	});
	onleave(() => { clearTimeout(timer); running?.abort(); });
	typeNames().then((n) => {
		names = n;
		if (kept.answer)
			show(kept.answer);
	});
	setTimeout(() => input.focus());
	return h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('nav.search')), h('p', { class: 'lead' }, t('search.lead'))),
		h('form', { class: 'find', role: 'search', onsubmit: (e) => { e.preventDefault(); if (!composing) run(); } }, h('div', { class: 'box' }, icon('search'), input),
			h('button', { class: 'button primary' }, icon('search'), t('search.button'))),
		count, list, more);
}
