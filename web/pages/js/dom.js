// SPDX-License-Identifier: GPL-3.0-or-later
// Elements from plain calls. Text is always text: nothing here, or anywhere in these pages, parses HTML.
import { t } from './i18n.js';

const SVG = 'http://www.w3.org/2000/svg';

// Our own drawings, 24 × 24, strokes only.
const icons = {
	scan: 'M4 13h16M5 13V6a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v7M3 13v5a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-5M8 17h4',
	check: 'm4 12.5 5 5L20 6.5',
	seal: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6',
	search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21',
	log: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7',
	box: 'M3 11 12 4l9 7M5 10v10h14V10M5 15h14',
	people: 'M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 6a3 3 0 0 1 0 6M18 14.5c2 .8 3 2.7 3 5.5',
	key: 'M8 8.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 12.5h9M18 12.5v4',
	out: 'M10 4H5v16h5M14 8l5 4-5 4M19 12H9',
	help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1 1-1.1 2M12 17v.1',
	lang: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
	left: 'M9 7 4.5 11.5 9 16M5 11.5h8a6 6 0 0 1 6 6V19',
	right: 'm15 7 4.5 4.5L15 16M19 11.5h-8a6 6 0 0 0-6 6V19',
	remove: 'M5 5l14 14M19 5 5 19',
	back: 'M20 12H5M11 6l-6 6 6 6',
	next: 'M4 12h15M13 6l6 6-6 6',
	cut: 'M4 12h16M7 8.5 4 12l3 3.5M17 8.5l3 3.5-3 3.5M8 4h8M8 20h8',
	stop: 'M6 6h12v12H6z',
	play: 'M7 4.5v15l12-7.5z',
	file: 'M6 3h8l5 5v13H6zM14 3v5h5',
	down: 'M12 4v12M7 11l5 5 5-5M5 20h14',
	wait: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2',
	work: 'M12 3a9 9 0 1 1-9 9',
	warn: 'M12 4 2.5 20h19zM12 10v5M12 17.6v.1',
	info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.4v.1',
	bad: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 8.5l7 7M15.5 8.5l-7 7',
	plus: 'M12 5v14M5 12h14',
	minus: 'M5 12h14',
	fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
	print: 'M7 9V3h10v6M7 18H4v-8h16v8h-3M7 14h10v7H7z',
	text: 'M5 6V4h14v2M12 4v16M9 20h6',
	proof: 'M12 3 4 6v6c0 5 3.5 8 8 9 4.5-1 8-4 8-9V6zM8.5 12l2.5 2.5 4.5-5',
	pen: 'M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4',
};

export function icon(name, extra = '') {
	const svg = document.createElementNS(SVG, 'svg');
	const path = document.createElementNS(SVG, 'path');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('aria-hidden', 'true');
	svg.setAttribute('class', `icon ${extra}`);
	path.setAttribute('d', icons[name] ?? icons.info);
	svg.append(path);
	return svg;
}

export function svg(name, attributes, ...children) {
	const e = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		e.setAttribute(key, value);
	e.append(...children);
	return e;
}

const present = (list) => list.flat(3).filter((c) => c !== null && c !== undefined && c !== false && c !== '');

// Puts children in place of what an element holds; absent ones (false, null, '') are passed over.
export const fill = (e, ...children) => e.replaceChildren(...present(children));

// h('p', {class: 'x', onclick: f, hidden: true}, 'text', element, [more], null)
export function h(name, properties = {}, ...children) {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(properties)) {
		if (value === undefined || value === null || value === false)
			continue;
		if (key.startsWith('on'))
			e.addEventListener(key.slice(2), value);
		else if (key === 'value' || key === 'checked' || key === 'disabled' || key === 'hidden')
			e[key] = value;
		else
			e.setAttribute(key, value === true ? '' : value);
	}
	e.append(...present(children));
	return e;
}

export const button = (label, name, onclick, properties = {}) =>
	h('button', { type: 'button', ...properties, class: `button ${properties.class ?? ''}`, onclick }, name && icon(name), h('span', {}, label));

export const tag = (kind, name, label) => h('span', { class: `tag ${kind}` }, icon(name), label);

export function notice(kind, ...children) {
	const name = { good: 'check', wait: 'wait', bad: 'warn', info: 'info' }[kind];
	return h('div', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, icon(name),
		h('div', { class: 'body stack tight' }, children.flat().map((c) => typeof c === 'string' ? h('p', {}, c) : c)));
}

export const empty = (name, text) => h('div', { class: 'empty' }, icon(name), h('p', {}, text));

let fieldCount = 0;
// A labelled control. options: {hint, must}
export function field(label, control, options = {}) {
	const id = `f${++fieldCount}`;
	control.id = id;
	if (options.must)
		control.setAttribute('aria-required', 'true');
	if (options.hint)
		control.setAttribute('aria-describedby', `${id}h`);
	return h('div', { class: 'field' },
		h('label', { for: id }, label, options.must && h('span', { class: 'must' }, t('must'))), control,
		options.hint && h('span', { class: 'hint', id: `${id}h` }, options.hint));
}

export const select = (choices, value, properties = {}) => {
	const e = h('select', properties, choices.map(([key, label]) => h('option', { value: key }, label)));
	e.value = value ?? choices[0]?.[0] ?? '';
	return e;
};

export const check = (label, onchange, checked = false) =>
	h('label', { class: 'check' }, h('input', { type: 'checkbox', checked, onchange: (e) => onchange?.(e.target.checked) }), h('span', {}, label));

let toastBox;
export function toast(kind, text, ms = kind === 'bad' ? 15000 : 6000) {
	toastBox ??= document.body.appendChild(h('div', { class: 'toasts', 'aria-live': 'polite' }));
	const e = notice(kind, text);
	toastBox.append(e);
	setTimeout(() => e.remove(), ms);
	return e;
}

// Asks before an act that cannot be undone. Resolves to the typed reason ('' when none is asked) or null.
export function ask(title, text, label, reason) {
	return new Promise((resolve) => {
		const input = reason && h('input', { type: 'text', maxlength: 200 });
		const done = (value) => { dialog.close(); dialog.remove(); resolve(value); };
		const dialog = h('dialog', { 'aria-labelledby': 'ask-title', oncancel: () => done(null) },
			h('form', { class: 'stack', method: 'dialog', onsubmit: (e) => { e.preventDefault(); done(input ? input.value : ''); } },
				h('h2', { id: 'ask-title' }, title), h('p', {}, text), reason && field(reason, input),
				h('div', { class: 'row end' }, button(t('back'), 'remove', () => done(null)),
					h('button', { class: 'button primary' }, icon('check'), label))));
		document.body.append(dialog);
		dialog.showModal();
	});
}
