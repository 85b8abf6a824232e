// SPDX-License-Identifier: GPL-3.0-or-later
// What was misread of a page is put right, line by line. The machine's own reading stays and is shown beside it.
import { api, pageFile } from '../api.js';
import { button, empty, field, fill, h, icon, notice, svg, tag, toast } from '../dom.js';
import { drawing } from '../drawing.js';
import { t, time } from '../i18n.js';
import { documentState, titleOf, typeNames } from '../lists.js';
import { viewer } from '../picture.js';

const MARGIN = 24; // pixels of the page around the line that is shown large

class Correct {
	constructor({ args, can }) {
		Object.assign(this, { id: args[0] ?? '', n: Number(args[1]) || 1, can, at: -1, drawn: [], drafts: new Map() });
		this.place = h('div', { class: 'stack' });
		this.element = h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('correct.title')), h('p', { class: 'lead' }, t('correct.lead'))), this.place);
		this.load();
	}

	async load() {
		try {
			this.data = await api.show(this.id);
			this.page = this.data.pages[this.n - 1];
			if (!this.page)
				throw new Error(t('missing.text'));
			this.lines = (await api.lines(this.id, this.n)).lines;
			const names = await typeNames();
			this.names = this.data.names ?? {};
			this.head(titleOf(this.data, names));
			this.show();
		} catch (e) {
			fill(this.place, notice('bad', e.message), this.way());
		}
	}

	way() {
		return h('a', { class: 'button', href: `#/doc/${this.id}/${this.n}` }, icon('back'), t('correct.back'));
	}

	head(title) {
		const { data } = this;
		fill(this.place, h('div', { class: 'row' }, this.way(), h('strong', {}, title), h('span', { class: 'mono quiet' }, this.id), h('span', {}, t('page.of', { n: this.n, all: data.pages.length })), documentState(data.state)));
		if (data.state !== 'draft' && !this.can('confirm'))
			this.place.append(notice('wait', t(data.state === 'confirmed' ? 'correct.confirmed.denied' : 'correct.submitted.denied')));
		else if (data.state === 'confirmed')
			this.place.append(notice('info', t('correct.confirmed')));
		this.may = data.state === 'draft' || this.can('confirm');
		this.view = h('section', { class: 'sticky', 'aria-label': t('batch.page') });
		this.form = h('section', { class: 'card stack', 'aria-label': t('correct.form') });
		this.list = h('ol', { class: 'lines', 'aria-label': t('correct.lines') });
		this.place.append(h('div', { class: 'work two' }, this.view, h('div', { class: 'stack' }, this.form, h('section', { class: 'card stack' }, h('h2', {}, icon('text'), t('correct.lines')), this.list))));
	}

	show() {
		const { width, height } = this.page;
		this.layer = svg('svg', { class: 'lineboxes', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
		this.sheet = viewer(pageFile(this.id, this.n, 'preview'), t('page.alt', { n: this.n }), { layer: this.layer,
			shown: (img) => { this.image = img; this.choose(this.at); },
			tools: [this.may && button(t('correct.add'), 'plus', () => this.draw(), { class: 'slim' })] });
		fill(this.view, this.sheet, h('p', { class: 'small quiet' }, t('correct.choose')));
		this.items();
		this.choose(this.at);
	}

	items() {
		this.layer.replaceChildren(...this.lines.map(({ box: [x, y, w, d], corrected }, i) => {
			const e = svg('rect', { x, y, width: w, height: d, class: corrected ? 'corrected' : '' });
			e.addEventListener('click', () => this.choose(i, true));
			return e;
		}));
		fill(this.list, this.lines.map((line, i) => h('li', {}, h('button', { type: 'button', class: 'line', onclick: () => this.choose(i, true) },
			h('span', { class: 'grow' }, line.text), h('span', { class: 'draft' }), line.corrected && tag('info', 'pen', t('correct.done'))))));
		this.lines.forEach((line) => this.mark(line.box.join()));
		if (this.lines.length === 0)
			fill(this.list, h('li', {}, empty('text', t('record.notext'))));
	}

	// What was typed and not saved stays with its line, by its box, while others are chosen; "new" is the place that is drawn.
	keep(key, typed, saved) {
		if (typed === saved)
			this.drafts.delete(key);
		else
			this.drafts.set(key, typed);
		this.mark(key);
	}

	mark(key) {
		const place = this.list.children[this.lines.findIndex((line) => line.box.join() === key)]?.querySelector('.draft');
		if (place)
			fill(place, this.drafts.has(key) && tag('wait', 'pen', t('correct.draft')));
	}

	// The line is shown large, to be read beside its input.
	large([x, y, w, d]) {
		const scale = this.image ? this.image.naturalWidth / this.page.width : 1;
		const place = [x - MARGIN, y - MARGIN, w + 2 * MARGIN, d + 2 * MARGIN].map((v) => Math.round(v * scale));
		const frame = h('canvas', { class: 'large', role: 'img', 'aria-label': t('correct.large'), width: place[2], height: place[3] });
		if (this.image)
			frame.getContext('2d').drawImage(this.image, ...place, 0, 0, place[2], place[3]);
		return frame;
	}

	choose(i, go = false) {
		this.at = i;
		[...this.layer.children].forEach((e, k) => e.classList.toggle('chosen', k === i));
		[...this.list.querySelectorAll('.line')].forEach((e, k) => e.setAttribute('aria-current', String(k === i)));
		const line = this.lines[i];
		if (!line) {
			fill(this.form, h('h2', {}, icon('pen'), t('correct.form')), h('p', {}, t('correct.none')));
			return;
		}
		this.undraw();
		const item = this.list.children[i], list = this.list;
		if (item && (item.offsetTop < list.scrollTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight))
			list.scrollTop = item.offsetTop - list.clientHeight / 3;
		this.ask(line, line.box.join(), t('correct.line', { n: i + 1, all: this.lines.length }), go);
	}

	ask(line, key, title, go) {
		const known = line.corrected;
		const raw = known ? known.raw.trimEnd() : line.text;
		const input = h('input', { value: this.drafts.get(key) ?? line.text, oninput: (e) => this.keep(key, e.target.value, line.text), maxlength: 300, class: 'bigtext', autocomplete: 'off', spellcheck: 'false', disabled: !this.may });
		const problem = h('div', { 'aria-live': 'polite' });
		const save = async (text, next) => {
			try {
				await api.correct(this.id, this.n, line.box, text);
				this.drafts.delete(key);
				this.lines = (await api.lines(this.id, this.n)).lines;
				toast('good', t(text === '' ? 'correct.taken' : 'correct.saved'));
				this.items();
				this.choose(Math.min(this.at < 0 ? this.lines.length - 1 : this.at + (next ? 1 : 0), this.lines.length - 1), true);
			} catch (e) {
				fill(problem, notice('bad', e.message));
			}
		};
		fill(this.form, h('form', { class: 'stack', onsubmit: (e) => { e.preventDefault(); input.value.trim() === '' ? fill(problem, notice('bad', t('correct.empty'))) : save(input.value.trim(), true); } },
			h('h2', {}, icon('pen'), title), this.large(line.box),
			h('div', { class: 'stack tight' }, h('p', { class: 'label' }, t('correct.raw')), h('p', { class: 'raw' }, raw || t('correct.raw.none')), known && h('p', { class: 'small quiet' }, t('correct.by', { by: this.names[known.by] || known.by, at: time(known.at) }))),
			field(t('correct.text'), input, { hint: t('correct.text.hint') }), problem,
			this.may && h('div', { class: 'row' }, h('button', { class: 'button primary' }, icon('check'), t('correct.save')),
				known && button(t('correct.takeback'), 'left', () => save('', false)))));
		if (!go)
			return;
		this.form.scrollIntoView({ block: 'nearest' });
		if (this.may)
			input.focus({ preventScroll: true });
	}

	undraw() {
		this.sheet.querySelector('.drawing')?.remove();
	}

	// A place where the machine read nothing.
	draw() {
		const { width, height } = this.page;
		if (!this.drafts.has('new'))
			this.drawn = [];
		const ask = () => this.ask({ box: this.drawn[0], text: '', corrected: null }, 'new', t('correct.new'), false);
		const layer = drawing(width, height, t('drawing.keys'), this.drawn, () => {
			if (this.drawn.length > 0) {
				this.choose(-1);
				ask();
			}
		}, { one: true });
		fill(this.form, h('h2', {}, icon('plus'), t('correct.new')), notice('info', t('correct.draw')), h('p', { class: 'small quiet' }, t('drawing.keys')));
		this.undraw();
		if (this.drawn.length > 0) { // begun before, and not saved
			this.choose(-1);
			ask();
		}
		this.sheet.querySelector('.sheet')?.append(layer);
		layer.focus({ preventScroll: true });
	}
}

export const correct = (context) => new Correct(context).element;
