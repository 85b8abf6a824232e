// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a document. What recognition read stands beside a field as a proposal; only a person's press puts it in.
import { api } from './api.js';
import { button, field, fill, h, icon, notice, tag } from './dom.js';
import { both, date, t, word } from './i18n.js';
import { types } from './lists.js';

export const fieldKeys = ['type', 'client_name', 'client_id', 'date', 'received', 'title'];
const must = { type: true, client_name: true, date: true };

const same = (a, b) => (a ?? '').trim() === (b ?? '').trim();

// Distinct proposals of one key, best first; in the normal form where the value has one (an ISO date, a name without 様).
function proposalsOf(document, key) {
	const seen = new Set();
	return (document.proposals ?? []).filter((p) => p.key === key && p.value).map((p) => ({ ...p, value: p.normal || p.value }))
		.filter((p) => !seen.has(p.value) && seen.add(p.value)).slice(0, 3);
}

// onsaved(fields) is called after each stored change.
export function fieldsForm(document, onsaved) {
	const status = h('p', { class: 'small quiet', role: 'status' });
	const problem = h('div', {});
	const values = { ...document.fields };
	const controls = {};
	const proposalRows = {};
	let timer;

	const save = async () => {
		const changed = {};
		for (const key of fieldKeys)
			if (!same(controls[key].value, values[key]))
				changed[key] = controls[key].value.trim();
		if (Object.keys(changed).length === 0)
			return;
		status.textContent = t('fields.saving');
		try {
			const answer = await api.setFields(document.id, changed);
			Object.assign(values, changed, answer.fields ?? {});
			for (const key of Object.keys(changed))
				if (globalThis.document.activeElement !== controls[key] && values[key] !== undefined)
					controls[key].value = values[key];
			fill(problem);
			fill(status, tag('good', 'check', t('fields.saved')));
			showDate();
			for (const key of Object.keys(changed))
				showProposals(key);
			onsaved?.(values);
		} catch (e) {
			status.textContent = '';
			fill(problem, notice('bad', e.message));
		}
	};
	const soon = () => { clearTimeout(timer); timer = setTimeout(save, 900); };
	const accept = (key, value) => {
		controls[key].value = value;
		save();
		controls[key].focus();
	};
	const eras = h('span', { class: 'hint' });
	const showDate = () => { eras.textContent = values.date ? date(values.date) : ''; };
	const typeSelect = () => {
		const e = h('select', { onchange: save }, h('option', { value: '' }, t('fields.choose')));
		types().then((list) => {
			e.append(...list.map((x) => h('option', { value: x.id }, both(x))));
			e.value = values.type ?? '';
			typeNames = new Map(list.map((x) => [x.id, both(x)]));
			showProposals('type');
		});
		return e;
	};
	let typeNames = new Map();
	const showProposals = (key) => {
		const list = proposalsOf(document, key).filter((p) => !same(p.value, values[key]));
		proposalRows[key].replaceChildren(...list.map((p) => h('div', { class: 'proposal' }, tag('wait', 'text', t('fields.proposal')),
			h('span', { class: 'value' }, key === 'type' ? typeNames.get(p.value) ?? p.value : p.value), p.n && h('span', { class: 'small' }, t('page.n', { n: p.n })),
			button(t('fields.accept'), 'check', () => accept(key, p.value), { class: 'slim', 'aria-label': t('fields.accept.label', { field: word('field', key), value: p.value }) }))));
	};
	const form = h('form', { class: 'stack', onsubmit: (e) => { e.preventDefault(); save(); } });
	for (const key of fieldKeys) {
		controls[key] = key === 'type' ? typeSelect() : h('input', { value: values[key] ?? '', maxlength: 300, autocomplete: 'off', oninput: soon, onchange: save });
		proposalRows[key] = h('div', {});
		const hint = { date: 'fields.date.hint', client_id: 'fields.id.hint' }[key];
		form.append(h('div', { class: 'stack tight' }, field(word('field', key), controls[key], { must: must[key], hint: hint && t(hint) }), key === 'date' && eras, proposalRows[key]));
		showProposals(key);
	}
	showDate();
	form.append(problem, status);
	// A newer view of the same document: proposals may have come, values may not be taken from under the hands.
	form.update = (newer) => {
		document = newer;
		fieldKeys.forEach(showProposals);
	};
	return form;
}

// The same fields to read.
export function fieldsFacts(fields, names) {
	const shown = { ...fields, type: names?.get(fields.type) ?? fields.type, date: date(fields.date), received: date(fields.received) };
	return h('dl', { class: 'facts' }, fieldKeys.filter((k) => shown[k]).flatMap((k) => [h('dt', {}, word('field', k)), h('dd', {}, shown[k])]),
		fieldKeys.every((k) => !shown[k]) && h('dd', {}, icon('info'), t('fields.none')));
}
