// SPDX-License-Identifier: GPL-3.0-or-later
// Images of pages: fetched when they come into sight, never kept by the browser, with marks and zoom.
import { api } from './api.js';
import { button, fill, h, icon, svg } from './dom.js';
import { t } from './i18n.js';

const waiting = new WeakMap();
const sight = new IntersectionObserver((entries) => {
	for (const e of entries) {
		if (!e.isIntersecting)
			continue;
		sight.unobserve(e.target);
		waiting.get(e.target)?.();
	}
}, { rootMargin: '300px' });

// A frame that shows path's image, or says why it cannot. ready: false shows the "being recognised" sheet and loads nothing.
export function picture(path, alt, { ready = true, lazy = true } = {}) {
	const frame = h('div', { class: 'pic' });
	const say = (name, text, extra) => fill(frame, h('div', { class: 'blank' }, icon(name, extra), h('span', {}, text)));
	const load = async () => {
		let address = '';
		try {
			address = URL.createObjectURL(await api.blob(path));
			const img = h('img', { src: address, alt });
			await img.decode();
			fill(frame, img);
			frame.dispatchEvent(new CustomEvent('shown'));
		} catch (e) {
			say(e.status === 409 ? 'wait' : 'warn', e.status === 409 ? t('page.reading') : e.message);
		} finally {
			URL.revokeObjectURL(address); // the element holds the picture by now
		}
	};
	say('work', ready ? t('page.loading') : t('page.reading'), 'spin');
	if (!ready)
		return frame;
	if (lazy) {
		waiting.set(frame, load);
		sight.observe(frame);
	} else {
		load();
	}
	return frame;
}

function marksLayer(marks, width, height) {
	return svg('svg', { class: 'marks', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
		...marks.map(([x, y, w, d]) => svg('rect', { x: x - 4, y: y - 4, width: w + 8, height: d + 8, rx: 4 })));
}

// A large page with zoom. options: {marks, width, height, ready, tools: [elements], layer: laid over the page, shown(img)}
let zoom = 'fit';
export function viewer(path, alt, options = {}) {
	const sheet = h('div', { class: 'sheet' });
	const pic = picture(path, alt, { ready: options.ready, lazy: false });
	const desk = h('div', { class: 'desk', tabindex: 0, role: 'group', 'aria-label': alt }, sheet);
	const names = ['fit', 'z1', 'z2', 'z3'];
	const set = (name) => {
		zoom = name;
		sheet.className = `sheet ${name}`;
		for (const b of box.querySelectorAll('[data-zoom]'))
			b.setAttribute('aria-pressed', String(b.dataset.zoom === name));
	};
	const step = (d) => set(names[Math.min(names.length - 1, Math.max(0, names.indexOf(zoom) + d))]);
	const box = h('div', { class: 'viewer' },
		h('div', { class: 'tools' },
			button(t('zoom.out'), 'minus', () => step(-1), { class: 'slim' }), button(t('zoom.in'), 'plus', () => step(1), { class: 'slim' }),
			button(t('zoom.fit'), 'fit', () => set('fit'), { class: 'slim', 'data-zoom': 'fit' }), options.tools ?? []),
		desk);
	sheet.append(pic);
	if (options.marks?.length && options.width && options.height)
		pic.addEventListener('shown', () => {
			sheet.append(marksLayer(options.marks, options.width, options.height));
			const first = options.marks[0][1] / options.height;
			desk.scrollTop = Math.max(0, sheet.clientHeight * first - desk.clientHeight / 3);
		});
	pic.addEventListener('shown', () => {
		if (options.layer)
			sheet.append(options.layer);
		options.shown?.(pic.querySelector('img'));
	});
	set(zoom);
	return box;
}
