// SPDX-License-Identifier: GPL-3.0-or-later
// Runs inside a sample form before its picture is taken: pen strokes are made uneven, choices circled, boxes ticked and seals set, always the
// same way for the same file. truth() then reads the text lines back from the laid-out page.
'use strict';

function random(seed) {	// mulberry32: small, and the same on every machine
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes, text) {
	const node = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	if (text !== undefined)
		node.textContent = text;
	return node;
}

function uneven(next) {
	for (const hand of document.querySelectorAll('.h')) {
		const walker = document.createTreeWalker(hand, NodeFilter.SHOW_TEXT);
		const texts = [];
		while (walker.nextNode())
			texts.push(walker.currentNode);
		for (const text of texts) {
			const parts = document.createDocumentFragment();
			let drift = 0;
			for (const glyph of text.data) {
				if (/\s/.test(glyph)) {
					parts.append(glyph);
					continue;
				}
				const span = document.createElement('span');
				span.className = 'g';
				span.textContent = glyph;
				drift = drift * 0.7 + (next() - 0.5) * 0.05;
				const turn = (next() - 0.5) * 7 - 1.5;
				const size = 0.95 + next() * 0.1;
				span.style.transform = `translate(${((next() - 0.5) * 0.06).toFixed(3)}em,${drift.toFixed(3)}em) ` +
					`rotate(${turn.toFixed(2)}deg) scale(${size.toFixed(3)},${(size * (0.94 + next() * 0.1)).toFixed(3)})`;
				span.style.opacity = (0.82 + next() * 0.18).toFixed(2);
				parts.append(span);
			}
			text.replaceWith(parts);
		}
	}
}

// <span class="sq" data-n="10">0000567890</span>: one square per character, empty ones behind it up to data-n.
function squares() {
	for (const row of document.querySelectorAll('.sq')) {
		const text = [...row.textContent];
		const count = Math.max(text.length, Number(row.dataset.n || 0));
		row.replaceChildren(...Array.from({ length: count }, (_, i) => {
			const square = document.createElement('span');
			square.className = 'one';
			square.textContent = text[i] || '\u00a0';
			return square;
		}));
	}
}

function ellipse(box, next) {	// one pen stroke that nearly closes
	const rx = box.width / 2 + 3.5, ry = box.height / 2 + 1, points = [];
	const start = next() * 6.3, steps = 26;
	for (let i = 0; i <= steps + 2; i++) {
		const angle = start + (i / steps) * 6.283, wobble = 1 + (next() - 0.5) * 0.07 + i * 0.002;
		points.push([Math.cos(angle) * rx * wobble, Math.sin(angle) * ry * wobble]);
	}
	return 'M' + points.map(p => p.map(v => v.toFixed(1)).join(' ')).join(' L');
}

function marks(next) {
	for (const choice of document.querySelectorAll('.choice, .tick.on')) {
		const box = choice.getBoundingClientRect();
		const ink = svg('svg', { class: 'ink', width: 1, height: 1 });
		ink.style.left = `${box.left + box.width / 2}px`;
		ink.style.top = `${box.top + box.height / 2}px`;
		const s = box.width, j = () => (next() - 0.5) * s * 0.2;
		const path = choice.matches('.choice') ? ellipse(box, next) :
			`M${-0.35 * s + j()} ${j()} Q${-0.1 * s} ${0.1 * s} ${-0.05 * s + j()} ${0.35 * s} L${0.55 * s + j()} ${-0.6 * s + j()}`;
		ink.append(svg('path', { d: path, fill: 'none', stroke: choice.dataset.ink || '#1c2a55', 'stroke-width': 1.5,
			'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
		document.body.append(ink);
	}
}

// <i class="seal" data-name="佐藤" data-kind="round|square|date" data-size="11mm" data-x="…" data-y="…">; x and y shift it from where it stands.
function seals(next) {
	for (const mark of document.querySelectorAll('i.seal')) {
		const { name, kind = 'round', size = '11', x = '0', y = '0', ink = '#c8202c' } = mark.dataset;
		const box = mark.getBoundingClientRect(), mm = 96 / 25.4;
		const seal = svg('svg', { class: 'seal', width: `${size}mm`, height: `${size}mm`, viewBox: '-50 -50 100 100' });
		seal.style.left = `${box.left + x * mm}px`;
		seal.style.top = `${box.top + y * mm}px`;
		seal.style.transform = `rotate(${((next() - 0.5) * 24).toFixed(1)}deg)`;
		seal.style.opacity = (0.72 + next() * 0.2).toFixed(2);
		const stroke = { fill: 'none', stroke: ink, 'stroke-width': 4 };
		const write = (text, tx, ty, em, font) => seal.append(svg('text', { x: tx, y: ty, 'font-size': em, fill: ink,
			'text-anchor': 'middle', 'dominant-baseline': 'central', 'font-family': font }, text));
		if (kind === 'date') {
			const lines = name.split('/');
			seal.append(svg('circle', { r: 46, ...stroke, 'stroke-width': 3 }));
			seal.append(svg('path', { d: 'M-43 -13H43M-43 13H43', ...stroke, 'stroke-width': 2.4 }));
			lines.forEach((line, i) => write(line, 0, (i - 1) * 28 + (i - 1) * -1, i === 1 ? 19 : 17, 'IPAGothic'));
		} else if (kind === 'square') {
			seal.append(svg('rect', { x: -46, y: -46, width: 92, height: 92, ...stroke, 'stroke-width': 5 }));
			const rows = Math.ceil(Math.sqrt(name.length)), step = 84 / rows;
			[...name].forEach((glyph, i) => write(glyph, 42 - step / 2 - Math.floor(i / rows) * step,
				-42 + step / 2 + (i % rows) * step, step * 0.95, 'Noto Serif CJK JP'));
		} else {
			seal.append(svg('ellipse', { rx: 45, ry: 46, ...stroke }));
			const step = 74 / name.length;
			[...name].forEach((glyph, i) => write(glyph, 0, -41 + step / 2 + i * step, Math.min(step, 38), 'Noto Serif CJK JP'));
		}
		document.body.append(seal);
	}
}

function decorate(seed) {
	const next = random(seed);
	squares();
	uneven(next);
	seals(next);
	marks(next);
}

function blockOf(node) {
	let element = node.parentElement;
	while (/^inline/.test(getComputedStyle(element).display))
		element = element.parentElement;
	return element;
}

// Every glyph with its box, in document order.
function* glyphs() {
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let space = false, last = null;
	while (walker.nextNode()) {
		const node = walker.currentNode, parent = node.parentElement;
		if (parent.closest('svg, script, style, rt') || getComputedStyle(parent).visibility === 'hidden')
			continue;
		const block = blockOf(node), hand = parent.closest('.h') !== null;
		let at = 0;
		for (const text of node.data) {
			const range = document.createRange();
			range.setStart(node, at);
			range.setEnd(node, at += text.length);
			if (/\s/.test(text)) {
				space = true;
				continue;
			}
			const box = range.getBoundingClientRect();
			if (!box.width || !box.height)
				continue;
			const ticked = parent.closest('.tick.on') && text === '□';
			yield { text: ticked ? '☑' : text, box, hand, block, space: space && block === last };
			space = false;
			last = block;
		}
	}
}

// In document order, which is how a person reads: cell by cell, column by column.
function truth() {
	const lines = [];
	let line = null;
	for (const glyph of glyphs()) {
		const vertical = getComputedStyle(glyph.block).writingMode !== 'horizontal-tb';
		const { left, top, right, bottom } = glyph.box;
		const centre = vertical ? (left + right) / 2 : (top + bottom) / 2;
		const size = vertical ? right - left : bottom - top;
		const along = vertical ? top : left;
		if (!line || line.block !== glyph.block || Math.abs(centre - line.centre) > Math.max(size, line.size) * 0.75 || along < line.along - size * 0.5) {
			line = { block: glyph.block, text: '', left, top, right, bottom, centre, size, vertical, hand: 0, count: 0 };
			lines.push(line);
		}
		line.text += (glyph.space && line.text ? ' ' : '') + glyph.text;
		line.hand += glyph.hand ? 1 : 0;
		line.count++;
		line.along = along;
		line.left = Math.min(line.left, left);
		line.top = Math.min(line.top, top);
		line.right = Math.max(line.right, right);
		line.bottom = Math.max(line.bottom, bottom);
	}
	const scale = 300 / 96, round = value => Math.round(value * scale);
	return lines.map(l => ({ x: round(l.left), y: round(l.top), w: round(l.right - l.left), h: round(l.bottom - l.top),
		text: l.text, hand: l.hand * 2 > l.count, vertical: l.vertical }));
}

function meta() {
	const fields = {};
	for (const tag of document.querySelectorAll('meta[name]'))
		if (!['viewport', 'scan'].includes(tag.name))
			fields[tag.name] = tag.content;
	fields.seals = [...document.querySelectorAll('i.seal')].map(mark => mark.dataset.name);
	fields.choices = [...document.querySelectorAll('.choice')].map(choice => choice.textContent);
	return fields;
}

// The cells that ruled lines close off on all sides: x, y, w, h, table, row, column, row span, column span. What a reader of the picture should find.
function cells() {
	const scale = 300 / 96, round = value => Math.round(value * scale), found = [];
	const ruled = cell => ['Top', 'Right', 'Bottom', 'Left'].every(side => getComputedStyle(cell)[`border${side}Style`] === 'solid');
	[...document.querySelectorAll('table')].forEach((table, number) => {
		const taken = new Set();
		[...table.rows].forEach((line, row) => {
			let column = 0;
			for (const cell of line.cells) {
				while (taken.has(`${row} ${column}`))
					column++;
				for (let r = 0; r < cell.rowSpan; r++)
					for (let c = 0; c < cell.colSpan; c++)
						taken.add(`${row + r} ${column + c}`);
				const box = cell.getBoundingClientRect();
				if (ruled(cell))
					found.push([round(box.left), round(box.top), round(box.width), round(box.height),
						number, row, column, cell.rowSpan, cell.colSpan]);
				column += cell.colSpan;
			}
		});
	});
	return found;
}
