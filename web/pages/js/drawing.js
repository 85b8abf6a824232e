// SPDX-License-Identifier: GPL-3.0-or-later
// Boxes that a person draws over a page, with the pointer or with keys: Enter sets one, arrows move the chosen one, with Shift they size it, Delete takes it away.
import { svg } from './dom.js';

const LEAST = 6; // pixels of the page; less is a slip of the hand
const STEP = 0.01; // of the page's width, for one press of an arrow key

// A layer over a page of that size. list: boxes [x,y,w,h], changed in place; changed() follows each change.
export function drawing(width, height, label, list, changed, { one = false } = {}) {
	let chosen = list.length - 1, begun = null;
	const layer = svg('svg', { class: 'drawing', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', tabindex: 0, role: 'group', 'aria-label': label });
	const within = ([x, y, w, d]) => {
		const bw = Math.min(Math.max(LEAST, Math.round(w)), width), bh = Math.min(Math.max(LEAST, Math.round(d)), height);
		return [Math.min(Math.max(0, Math.round(x)), width - bw), Math.min(Math.max(0, Math.round(y)), height - bh), bw, bh];
	};
	const show = () => layer.replaceChildren(...list.map(([x, y, w, d], i) => svg('rect', { x, y, width: w, height: d, class: i === chosen ? 'chosen' : '' })));
	const add = (box) => {
		if (one)
			list.length = 0;
		chosen = list.push(within(box)) - 1;
	};
	const done = () => { show(); changed(); };
	const place = (e) => {
		const r = layer.getBoundingClientRect();
		return [(e.clientX - r.left) / r.width * width, (e.clientY - r.top) / r.height * height];
	};
	layer.addEventListener('pointerdown', (e) => {
		begun = place(e);
		layer.setPointerCapture(e.pointerId);
		layer.focus({ preventScroll: true });
		e.preventDefault();
	});
	layer.addEventListener('pointermove', (e) => {
		if (!begun)
			return;
		const [x, y] = place(e);
		show();
		layer.append(svg('rect', { x: Math.min(x, begun[0]), y: Math.min(y, begun[1]), width: Math.abs(x - begun[0]), height: Math.abs(y - begun[1]), class: 'chosen' }));
	});
	layer.addEventListener('pointerup', (e) => {
		const [x, y] = place(e), from = begun;
		begun = null;
		if (!from || Math.abs(x - from[0]) < LEAST || Math.abs(y - from[1]) < LEAST)
			return show(); // a click changes nothing
		add([Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(x - from[0]), Math.abs(y - from[1])]);
		done();
	});
	layer.addEventListener('pointercancel', () => { begun = null; show(); });
	layer.addEventListener('keydown', (e) => {
		const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
		const box = list[chosen];
		if (e.key === 'Enter')
			add([width * 0.4, height * 0.45, width * 0.2, height * 0.03]);
		else if ((e.key === 'Delete' || e.key === 'Backspace') && box)
			chosen = list.splice(chosen, 1) && list.length - 1;
		else if (arrow && box) {
			const [dx, dy] = arrow.map((v) => v * width * STEP);
			list[chosen] = within(e.shiftKey ? [box[0], box[1], box[2] + dx, box[3] + dy] : [box[0] + dx, box[1] + dy, box[2], box[3]]);
		} else
			return;
		e.preventDefault();
		done();
	});
	layer.refresh = () => { chosen = Math.min(chosen, list.length - 1); show(); };
	show();
	return layer;
}
