// SPDX-License-Identifier: GPL-3.0-or-later
// A PDF to hand out without what somebody may not see (P-17): choose fields, draw boxes, look at what will be black, then save.
import { api, pageFile, saveBlob } from '../api.js';
import { button, check, fill, h, icon, notice, svg, tag } from '../dom.js';
import { drawing } from '../drawing.js';
import { t, word } from '../i18n.js';
import { titleOf, typeNames } from '../lists.js';
import { picture, viewer } from '../picture.js';

const NAMES = ['client_name', 'client_id', 'date', 'received', 'title'];

class Redact {
	constructor({ args }) {
		Object.assign(this, { id: args[0] ?? '', n: Number(args[1]) || 1, names: new Set(), boxes: new Map(), changes: 0 });
		this.place = h('div', { class: 'stack' });
		this.element = h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('redact.title')), h('p', { class: 'lead' }, t('redact.lead'))), this.place);
		this.load();
	}

	async load() {
		try {
			this.data = await api.show(this.id);
			const types = await typeNames();
			this.view = h('section', { 'aria-label': t('batch.page') });
			this.list = h('div', { class: 'stack tight' });
			this.result = h('div', { class: 'stack', 'aria-live': 'polite' });
			fill(this.place, h('div', { class: 'row' }, h('a', { class: 'button', href: `#/doc/${this.id}/${this.n}` }, icon('back'), t('correct.back')), h('strong', {}, titleOf(this.data, types)), h('span', { class: 'mono quiet' }, this.id)),
				h('div', { class: 'work two' }, this.view, this.side()), this.result);
			this.select(Math.min(Math.max(1, this.n), this.data.pages.length));
		} catch (e) {
			fill(this.place, notice('bad', e.message));
		}
	}

	side() {
		this.look = button(t('redact.look'), 'search', () => this.preview(), { class: 'primary', disabled: true });
		return h('section', { class: 'card stack' },
			h('fieldset', { class: 'stack tight' }, h('legend', {}, t('redact.fields')), NAMES.map((key) => check(word('field', key), (on) => {
				on ? this.names.add(key) : this.names.delete(key);
				this.changed();
			}))),
			notice('wait', t('redact.handwriting')), h('div', { class: 'stack tight' }, h('h2', {}, icon('pen'), t('redact.boxes')), h('p', { class: 'small' }, t('redact.boxes.text')), this.list), this.look, h('p', { class: 'small quiet' }, t('redact.look.text')));
	}

	boxesOf(n) {
		if (!this.boxes.has(n))
			this.boxes.set(n, []);
		return this.boxes.get(n);
	}

	select(n) {
		const page = this.data.pages[n - 1], all = this.data.pages.length;
		if (!page)
			return;
		this.n = n;
		this.layer = drawing(page.width, page.height, t('drawing.keys'), this.boxesOf(n), () => this.changed());
		fill(this.view, viewer(pageFile(this.id, n, 'preview'), t('page.alt', { n }), { layer: this.layer, tools: [
			button(t('page.previous'), 'back', () => this.select(n - 1), { class: 'slim', disabled: n === 1 }), button(t('page.next'), 'next', () => this.select(n + 1), { class: 'slim', disabled: n === all }), h('span', { class: 'number' }, t('page.of', { n, all }))] }),
			h('p', { class: 'small quiet' }, t('drawing.keys')));
		this.changed();
	}

	wanted() {
		return [...this.names].concat([...this.boxes].flatMap(([n, list]) => list.map((b) => `${n}:${b.join(',')}`)));
	}

	// What was looked at is no longer what would be saved.
	changed() {
		this.changes++;
		fill(this.result);
		this.look.disabled = this.wanted().length === 0;
		fill(this.list, [...this.boxes].sort(([a], [b]) => a - b).flatMap(([n, list]) => list.map((b, i) => h('div', { class: 'item' }, h('span', { class: 'grow' }, t('redact.box', { n, i: i + 1 })),
			button(t('redact.remove'), 'remove', () => {
				list.splice(i, 1);
				if (n === this.n)
					this.layer.refresh();
				this.changed();
			}, { class: 'slim', 'aria-label': t('redact.remove.label', { n, i: i + 1 }) })))));
	}

	async preview() {
		const wanted = this.wanted(), { changes } = this;
		this.look.disabled = true;
		try {
			const { pages } = await api.redactPreview(this.id, wanted);
			if (changes !== this.changes)
				return;
			const save = button(t('redact.save'), 'down', () => this.save(wanted, save, problem), { class: 'primary' });
			const problem = h('div', { 'aria-live': 'polite' });
			fill(this.result, h('section', { class: 'card stack' }, h('h2', {}, icon('search'), t('redact.preview')), notice('wait', t('redact.check')),
				h('div', { class: 'previews' }, pages.map((p) => this.black(p))), problem, h('div', { class: 'row' }, save), h('p', { class: 'small quiet' }, t('download.logged'))));
			this.result.scrollIntoView({ block: 'start' });
			save.focus({ preventScroll: true });
		} catch (e) {
			fill(this.result, notice('bad', e.message));
		}
		this.look.disabled = false;
	}

	black({ n, width, height, boxes }) {
		const sheet = h('div', { class: 'sheet' });
		const pic = picture(pageFile(this.id, n, 'preview'), t('page.alt', { n }), { lazy: false });
		sheet.append(pic);
		pic.addEventListener('shown', () => sheet.append(svg('svg', { class: 'black', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ...boxes.map(([x, y, w, d]) => svg('rect', { x, y, width: w, height: d })))));
		return h('figure', {}, h('figcaption', { class: 'row' }, h('strong', {}, t('page.n', { n })), boxes.length > 0 ? tag('info', 'check', t('redact.count', { n: boxes.length })) : tag('wait', 'warn', t('redact.nothing'))), sheet);
	}

	async save(wanted, pressed, problem) {
		pressed.disabled = true;
		try {
			saveBlob(await api.redacted(this.id, wanted));
			fill(problem, notice('good', t('redact.saved')));
		} catch (e) {
			fill(problem, notice('bad', e.message));
		}
		pressed.disabled = false;
	}
}

export const redact = (context) => new Redact(context).element;
