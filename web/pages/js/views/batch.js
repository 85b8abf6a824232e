// SPDX-License-Identifier: GPL-3.0-or-later
// A batch at work: pages arrive live, are compared with the paper, turned, left out, cut into documents, described, submitted.
import { api, batchImage } from '../api.js';
import { ask, button, fill, h, icon, notice, tag, toast } from '../dom.js';
import { both, t, time, word } from '../i18n.js';
import { fieldsForm } from '../fields.js';
import { documentState, pageState, titleOf, typeNames } from '../lists.js';
import { picture, viewer } from '../picture.js';
import { checklist } from './scan.js';

const PAUSE_MS = 700; // between two looks when the box answers at once

// What the device said of the page, and what recognition found.
function findings(page) {
	const flags = (page.flags ?? []).map((f) => tag(f === 'double_feed' ? 'bad' : 'wait', 'warn', word('flag', f)));
	return flags.concat((page.findings ?? []).filter((f) => both(f) || f.code).map((f) => tag('wait', 'warn', both(f) || f.code)));
}

class Work {
	constructor(context, id) {
		Object.assign(this, { context, id, thumbs: new Map(), selected: 0, forms: new Map(), stopped: new AbortController() });
		this.top = h('div', { class: 'stack' });
		this.pages = h('section', { class: 'stack', 'aria-label': t('batch.pages') });
		this.view = h('section', { class: 'sticky', 'aria-label': t('batch.page') });
		this.side = h('section', { class: 'stack forms', 'aria-label': t('batch.fields') });
		this.live = h('p', { class: 'sr', 'aria-live': 'polite' });
		this.element = h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('batch.title', { id })), this.state = h('span', {})),
			this.live, this.top, h('div', { class: 'work' }, this.pages, this.view, this.side));
		context.onleave(() => this.stopped.abort());
		const keys = (e) => this.key(e);
		window.addEventListener('keydown', keys);
		context.onleave(() => window.removeEventListener('keydown', keys));
		this.watch();
	}

	get open() { return this.data.state !== 'submitted'; }
	get running() { return this.data.run?.state === 'running'; }
	page(seq) { return this.data.pages.find((p) => p.seq === seq); }

	async watch() {
		this.names = await typeNames();
		for (let seen = 0; !this.stopped.signal.aborted;) {
			try {
				const data = await api.batch(this.id, seen, this.stopped.signal);
				const fresh = data.change !== seen;
				seen = data.change;
				if (fresh)
					this.show(data);
				await new Promise((r) => setTimeout(r, PAUSE_MS));
			} catch (e) {
				if (this.stopped.signal.aborted || e.status === 401)
					return;
				fill(this.top, notice(e.status === 404 ? 'bad' : 'wait', e.message));
				if (e.status === 404 || e.status === 403)
					return;
				await new Promise((r) => setTimeout(r, 3000));
				seen = 0;
			}
		}
	}

	show(data) {
		const before = this.data;
		this.data = data;
		this.showState();
		this.showTop();
		this.showPages(before);
		if (!this.page(this.selected) && data.pages.length > 0)
			this.selected = data.pages[0].seq;
		if (this.running && before && data.pages.length > before.pages.length) {
			this.live.textContent = t('batch.arrived', { n: data.pages.length });
			if (!this.touched)
				this.selected = data.pages.at(-1).seq;
		}
		this.mark();
		this.showView();
		this.showSide();
	}

	showState() {
		const kind = this.running ? tag('wait', 'work', t('batch.running')) : tag(this.open ? 'info' : 'good', this.open ? 'pen' : 'check', word('batchstate', this.data.state));
		const reading = this.data.pages.filter((p) => p.state === 'stored' || p.state === 'reading').length;
		fill(this.state, h('span', { class: 'row' }, kind, h('span', { class: 'number' }, t('batch.counts', { pages: this.data.pages.length, documents: this.data.documents.length })),
			reading > 0 && tag('wait', 'work', t('batch.reading', { n: reading })), h('span', { class: 'quiet small' }, time(this.data.opened), '　', this.data.by)));
	}

	unreadable() {
		return this.data.pages.filter((p) => p.state === 'unreadable' && !p.excluded);
	}

	showTop() {
		const { run, refused } = this.data;
		const parts = [];
		if (run?.state === 'ended' && run.code && !['ok', 'feeder_empty'].includes(run.code))
			parts.push(notice(run.code === 'cancelled' ? 'wait' : 'bad', h('strong', {}, t('batch.stopped')), both(run, 'message')));
		for (const r of refused ?? [])
			parts.push(notice('bad', h('strong', {}, r.file), both(r, 'message')));
		for (const why of new Set(this.unreadable().map((p) => p.why)))
			parts.push(notice('bad', h('strong', {}, t('batch.unreadable', { pages: this.unreadable().filter((p) => p.why === why).map((p) => p.seq).join(', ') })),
				`${word('why', why)}${t('batch.unreadable.do')}`));
		if (!this.open)
			parts.push(notice('good', t('batch.submitted')));
		parts.push(h('div', { class: 'row' },
			this.running && button(t('batch.cancel'), 'stop', () => this.act(() => api.cancel(this.id)), { class: 'seal' }),
			this.open && !this.running && this.data.source !== 'import' && button(t('batch.more'), 'play', () => this.more()),
			this.open && !this.running && h('button', { class: 'button primary', type: 'button', onclick: () => this.submit() }, icon('next'), h('span', {}, t('batch.submit'))),
			!this.open && h('a', { class: 'button primary', href: '#/scan' }, icon('scan'), t('batch.new'))));
		fill(this.top, ...parts);
	}

	// Thumbnails are kept while nothing about them changes, so that nothing flickers while pages arrive.
	thumb(page, before) {
		const was = before?.pages.find((p) => p.seq === page.seq);
		const signature = (p) => p && JSON.stringify([p.thumb, p.state, p.rotation, p.excluded, p.n, p.findings]);
		let e = this.thumbs.get(page.seq);
		if (!e || signature(was) !== signature(page)) {
			e = h('button', { type: 'button', class: `thumb ${e ? '' : 'arrive'} ${page.excluded ? 'out' : ''}`, 'data-seq': page.seq, onclick: () => this.select(page.seq, true) },
				picture(batchImage(this.id, page.seq, 'thumb'), '', { ready: Boolean(page.thumb) }),
				h('span', { class: 'cap' }, h('span', {}, t('page.n', { n: page.seq })), pageState(page)), findings(page));
			this.thumbs.set(page.seq, e);
		}
		return e;
	}

	showPages(before) {
		const groups = this.data.documents.map((d) => [d, this.data.pages.filter((p) => p.document === d.id)]);
		const loose = this.data.pages.filter((p) => !this.data.documents.some((d) => d.id === p.document));
		const strip = (pages) => h('div', { class: 'strip' }, pages.map((p) => this.thumb(p, before)));
		const active = document.activeElement?.dataset?.seq;
		fill(this.pages, ...groups.map(([d, pages], i) => h('div', { class: 'document' }, h('div', { class: 'bar' }, h('h2', {}, t('doc.nth', { n: i + 1 })), h('span', { class: 'mono small' }, d.id), documentState(d.state)),
			h('p', { class: 'small' }, titleOf(d, this.names)), strip(pages))),
			loose.length > 0 && h('div', { class: 'document' }, this.data.documents.length > 0 && h('div', { class: 'bar' }, h('h2', {}, t('batch.loose'))), strip(loose)),
			this.data.pages.length === 0 && h('div', { class: 'empty' }, icon('work', this.running ? 'spin' : ''), h('p', {}, this.running ? t('batch.waiting') : t('batch.empty'))));
		if (active)
			this.thumbs.get(Number(active))?.focus();
	}

	mark() {
		for (const [seq, e] of this.thumbs)
			e.setAttribute('aria-pressed', String(seq === this.selected));
	}

	select(seq, touched) {
		if (!this.page(seq))
			return;
		this.touched = touched || this.touched;
		this.selected = seq;
		this.mark();
		this.showView();
		this.showSide();
		this.thumbs.get(seq)?.scrollIntoView({ block: 'nearest' });
	}

	showView() {
		const page = this.page(this.selected);
		const signature = page && JSON.stringify([page.seq, page.thumb, page.state, page.rotation, page.excluded, this.open, this.running]);
		if (!page || signature === this.viewed)
			return;
		this.viewed = signature;
		const editable = this.open && !this.running;
		const tools = editable ? [
			button(t('page.left'), 'left', () => this.rotate(-90), { class: 'slim' }), button(t('page.right'), 'right', () => this.rotate(90), { class: 'slim' }),
			page.excluded ? button(t('page.include'), 'check', () => this.exclude(), { class: 'slim' }) : button(t('page.exclude'), 'remove', () => this.exclude(), { class: 'slim' }),
			page.document && this.data.pages.find((p) => p.document === page.document) !== page && button(t('page.cut'), 'cut', () => this.act(() => api.cut(this.id, page.seq)), { class: 'slim' })] : [];
		fill(this.view, h('h2', {}, t('page.of', { n: page.seq, all: this.data.pages.length })),
			viewer(batchImage(this.id, page.seq, 'preview'), t('page.alt', { n: page.seq }), { ready: Boolean(page.thumb), tools }),
			h('p', { class: 'small quiet number' }, page.width ? t('page.size', page) : ''),
			editable && h('p', { class: 'keys' }, [['↑ ↓', 'keys.move'], ['R', 'keys.rotate'], ['X', 'keys.exclude'], ['C', 'keys.cut']].map(([k, text]) => h('span', {}, h('kbd', {}, k), ' ', t(text)))));
	}

	showSide() {
		const page = this.page(this.selected);
		const document = this.data.documents.find((d) => d.id === page?.document);
		const key = `${document?.id}:${this.open}`;
		const form = this.forms.get(key);
		if (form && this.sideKey === key) {
			form.update?.(document);
			return;
		}
		this.sideKey = key;
		if (!document) {
			fill(this.side, h('div', { class: 'card' }, h('p', { class: 'quiet' }, t('fields.later'))));
			return;
		}
		const made = form ?? fieldsForm(document, (fields) => { document.fields = fields; });
		this.forms.set(key, made);
		made.update?.(document);
		const disabled = !this.open;
		fill(this.side, h('div', { class: 'card' }, h('h2', {}, icon('pen'), t('fields.title'), ' ', h('span', { class: 'mono small' }, document.id)),
			h('fieldset', { disabled }, made)));
		this.side.querySelector('fieldset').disabled = disabled;
	}

	async act(f) {
		try {
			return await f();
		} catch (e) {
			toast('bad', e.message);
		}
		return undefined;
	}

	rotate(degrees) { return this.act(() => api.rotate(this.id, this.selected, degrees)); }

	async exclude() {
		const page = this.page(this.selected);
		const reason = page.excluded ? '' : await ask(t('exclude.title', { n: page.seq }), t('exclude.text'), t('page.exclude'), t('exclude.reason'));
		if (reason !== null)
			await this.act(() => api.exclude(this.id, page.seq, !page.excluded, reason));
	}

	// Going on in the same batch needs the same look at the paper.
	more() {
		const start = h('button', { type: 'button', class: 'button primary big', disabled: true, onclick: async () => {
			dialog.close();
			dialog.remove();
			await this.act(() => api.scan({ device: this.data.device ?? '', profile: this.data.profile ?? '', type: this.data.type ?? '', batch: this.id, sheets: 0 }));
		} }, icon('play'), t('scan.start'));
		const dialog = h('dialog', { 'aria-label': t('batch.more') }, h('div', { class: 'stack' }, h('h2', {}, t('batch.more')), checklist((yes) => { start.disabled = !yes; }), start,
			button(t('back'), 'remove', () => { dialog.close(); dialog.remove(); })));
		document.body.append(dialog);
		dialog.showModal();
	}

	async submit() {
		const kept = this.data.pages.filter((p) => !p.excluded).length;
		const yes = await ask(t('submit.title'), t('submit.text', { pages: kept, documents: this.data.documents.length }), t('batch.submit'));
		if (yes !== null && await this.act(() => api.submit(this.id)))
			toast('good', t('submit.done'));
	}

	key(e) {
		if (!this.data || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, select, textarea, dialog') || document.querySelector('dialog[open]'))
			return;
		const order = this.data.pages.map((p) => p.seq), at = order.indexOf(this.selected);
		const editable = this.open && !this.running && this.page(this.selected);
		const acts = {
			ArrowDown: () => this.select(order[at + 1], true), ArrowUp: () => this.select(order[at - 1], true),
			ArrowRight: () => this.select(order[at + 1], true), ArrowLeft: () => this.select(order[at - 1], true),
			r: () => editable && this.rotate(90), R: () => editable && this.rotate(-90),
			x: () => editable && this.exclude(), c: () => editable && this.act(() => api.cut(this.id, this.selected)),
		};
		if (!acts[e.key] || (e.key.startsWith('Arrow') && e.target.closest('.desk')))
			return;
		e.preventDefault();
		acts[e.key]();
	}
}

export function batch(context) {
	return new Work(context, context.args[0] ?? '').element;
}
