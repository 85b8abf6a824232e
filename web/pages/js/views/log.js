// SPDX-License-Identifier: GPL-3.0-or-later
// 監査証跡. Looking at it is an entry of its own.
import { api } from '../api.js';
import { button, empty, field, fill, h, icon, notice, select } from '../dom.js';
import { both, t, time, word } from '../i18n.js';
import { verifyInto } from './record.js';

const kinds = ['', 'session', 'search', 'view', 'export', 'doc', 'batch', 'page', 'user', 'verify', 'log', 'denied', 'room', 'archive'];

function table(entries) {
	return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': t('nav.log') }, h('table', {}, h('thead', {}, h('tr', {}, ['index', 'at', 'what', 'actor', 'terminal', 'document'].map((k) => h('th', { scope: 'col' }, t(`log.${k}.head`))))),
		h('tbody', {}, entries.map((e) => h('tr', {}, h('td', { class: 'number once' }, String(e.index)), h('td', { class: 'number once' }, time(e.at, 'medium')), h('td', {}, both(e, 'summary') || e.type, h('br'), h('span', { class: 'small quiet mono' }, e.type)),
			h('td', { class: 'once' }, e.actor), h('td', { class: 'mono once' }, e.terminal || '—'), h('td', { class: 'once' }, e.document ? h('a', { href: `#/doc/${e.document}`, class: 'mono' }, e.document) : '—'))))));
}

export function log({ can }) {
	const since = h('input', { type: 'date' }), user = h('input', { autocapitalize: 'none', spellcheck: 'false' }), document = h('input', { placeholder: 'D000001', autocapitalize: 'characters', spellcheck: 'false' });
	const type = select(kinds.map((k) => [k, word('kind', k || 'all')]), '');
	const place = h('div', { class: 'stack' }), proof = h('div', { class: 'stack' });
	const load = async () => {
		fill(place, h('p', { class: 'quiet' }, t('page.loading')));
		try {
			const answer = await api.log({ since: since.value, document: document.value.trim().toUpperCase(), user: user.value.trim(), type: type.value, limit: 200 });
			fill(place, h('p', { class: 'quiet number', role: 'status' }, t('log.count', { shown: answer.entries.length, all: answer.size.toLocaleString() })), answer.entries.length > 0 ? table(answer.entries) : empty('log', t('log.empty')));
		} catch (e) {
			fill(place, notice('bad', e.message));
		}
	};
	const head = async () => {
		try {
			const c = await api.checkpoint();
			fill(proof, h('div', { class: 'notice info' }, icon('proof'), h('div', { class: 'body stack tight' }, h('p', {}, t('checkpoint.text', { size: c.size.toLocaleString() })), h('pre', { class: 'text mono', tabindex: 0 }, c.note))));
		} catch (e) {
			fill(proof, notice('bad', e.message));
		}
	};
	load();
	return h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('nav.log')), h('p', { class: 'lead' }, t('log.lead'))),
		h('form', { class: 'card filters', onsubmit: (e) => { e.preventDefault(); load(); } }, field(t('log.since'), since), field(t('log.type'), type), field(t('log.user'), user), field(t('log.document'), document), h('button', { class: 'button primary' }, icon('search'), t('log.filter'))),
		h('div', { class: 'row' }, can('verify') && button(t('verify.all'), 'proof', () => verifyInto(proof, '')), can('checkpoint') && button(t('checkpoint.show'), 'seal', head)), proof, place);
}
