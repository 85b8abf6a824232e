// SPDX-License-Identifier: GPL-3.0-or-later
// One record: its pages with the hits marked, its fields, what proves it, what was done with it.
import { documentFile, api, download, pageFile } from '../api.js';
import { button, fill, h, icon, notice, tag, toast } from '../dom.js';
import { both, bytes, t, time, word } from '../i18n.js';
import { fieldsFacts } from '../fields.js';
import { documentState, titleOf, typeNames } from '../lists.js';
import { picture, viewer } from '../picture.js';
import { marksOf } from './search.js';

// Saving says at once that it has begun: composing a PDF takes a moment.
const save = (label, name, path) => {
	const b = button(label, name, async () => {
		b.disabled = true;
		try {
			await download(path);
		} catch (e) {
			toast('bad', e.message);
		}
		b.disabled = false;
	});
	return b;
};

function signature(data) {
	const s = data.signature, stamp = data.timestamp;
	if (!s)
		return h('div', { class: 'stack tight' }, notice('wait', t('proof.unsigned')));
	const name = data.names?.[s.signer] || s.signer;
	return h('div', { class: 'stack tight' }, h('div', { class: 'row' }, h('span', { class: 'stamp', 'aria-hidden': 'true' }, t('stamp')), h('div', { class: 'grow stack tight' }, h('p', {}, t('proof.signed', { name, at: time(s.at) })), s.same_person && tag('wait', 'info', t('proof.same')))),
		stamp?.state === 'stamped'
			? h('div', { class: 'stack tight' }, h('p', {}, t('proof.stamped', { at: time(stamp.at), tsa: stamp.tsa })), stamp.accredited ? tag('good', 'seal', t('proof.accredited')) : tag('wait', 'info', t('proof.unaccredited')), !stamp.accredited && h('p', { class: 'small quiet' }, t('proof.unaccredited.text')))
			: notice('wait', t('proof.untimed', { since: time(stamp?.since ?? s.at) })),
		(s.waivers ?? []).length > 0 && h('p', { class: 'small quiet' }, t('proof.waivers', { rows: s.waivers.map((w) => w.row ?? w).join(' ') })),
		h('details', {}, h('summary', {}, t('proof.details')), h('dl', { class: 'facts small' }, h('dt', {}, t('proof.manifest')), h('dd', { class: 'mono' }, s.manifest_sha256), h('dt', {}, t('proof.serial')), h('dd', { class: 'mono' }, s.serial),
			stamp?.serial && [h('dt', {}, t('proof.stampserial')), h('dd', { class: 'mono' }, stamp.serial)])));
}

function history(data) {
	return h('details', { class: 'card' }, h('summary', {}, icon('log'), t('history.title', { n: (data.history ?? []).length })),
		h('ol', { class: 'time' }, (data.history ?? []).map((e) => h('li', {}, h('p', {}, both(e, 'summary') || e.type), h('p', { class: 'small quiet' }, time(e.at), '　', t('log.index', { n: e.index }))))));
}

class Record {
	constructor({ args, can }) {
		Object.assign(this, { id: args[0] ?? '', n: Number(args[1]) || 1, can, showMarks: true });
		this.element = h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('record.title', { id: this.id }))));
		this.load();
	}

	async load() {
		try {
			this.names = await typeNames();
			this.data = await api.show(this.id);
		} catch (e) {
			this.element.append(notice('bad', e.message));
			return;
		}
		const { data } = this;
		const head = this.element.firstChild;
		head.firstChild.textContent = titleOf(data, this.names);
		head.append(h('span', { class: 'mono quiet' }, this.id), documentState(data.state, data.timestamp ? data.timestamp.state === 'stamped' : undefined));
		this.view = h('section', { class: 'stack', 'aria-label': t('batch.page') });
		this.strip = h('nav', { class: 'strip', 'aria-label': t('batch.pages') }, data.pages.map((p) => h('button', { type: 'button', class: 'thumb', 'data-n': p.n, onclick: () => this.select(p.n) },
			picture(pageFile(this.id, p.n, 'thumb'), ''), h('span', { class: 'cap' }, t('page.n', { n: p.n }), marksOf(this.id, p.n) && tag('info', 'search', t('record.hit'))))));
		this.element.append(h('div', { class: 'work record' }, this.strip, this.view, this.side()));
		this.select(Math.min(this.n, data.pages.length) || 1);
	}

	side() {
		const { data } = this;
		const place = h('div', { 'aria-live': 'polite' });
		return h('section', { class: 'stack forms' },
			h('div', { class: 'card stack' }, h('h2', {}, icon('pen'), t('fields.title')), fieldsFacts(data.fields ?? {}, this.names),
				h('dl', { class: 'facts small' }, ['scanned_by', 'indexed_by', 'submitted_by', 'confirmed_by'].filter((k) => data.people?.[k]).flatMap((k) => [h('dt', {}, t(`people.${k}`)), h('dd', {}, data.names?.[data.people[k]] || data.people[k])]))),
			h('div', { class: 'card stack' }, h('h2', {}, icon('proof'), t('proof.title')), signature(data),
				this.can('verify') && button(t('verify.one'), 'proof', () => verifyInto(place, this.id)), place),
			h('div', { class: 'card stack noprint' }, h('h2', {}, icon('down'), t('download.title')),
				this.can('export') && save(t('download.pdf'), 'file', documentFile(this.id, 'pdf')),
				this.can('export') && h('a', { class: 'button', href: `#/redact/${this.id}/${this.n}`, 'data-redact': '' }, icon('remove'), t('redact.open')),
				this.can('export') && data.state === 'confirmed' && save(t('download.evidence'), 'proof', documentFile(this.id, 'evidence')),
				button(t('print'), 'print', (e) => this.print(e.currentTarget)), !this.can('export') && h('p', { class: 'small quiet' }, t('download.denied')), h('p', { class: 'small quiet' }, t('download.logged'))),
			data.versions?.length > 1 && h('div', { class: 'card stack' }, h('h2', {}, icon('log'), t('versions.title')), h('ol', { class: 'time' }, data.versions.map((v) => h('li', {}, t('versions.line', { n: v.version, at: time(v.at), by: v.confirmed_by }))))),
			history(data));
	}

	select(n) {
		const { data } = this;
		const page = data.pages[n - 1];
		if (!page)
			return;
		this.n = n;
		for (const b of this.strip.querySelectorAll('[data-n]'))
			b.setAttribute('aria-current', String(Number(b.dataset.n) === n));
		this.element.querySelector('[data-redact]')?.setAttribute('href', `#/redact/${this.id}/${n}`);
		const found = marksOf(this.id, n);
		const tools = [
			button(t('page.previous'), 'back', () => this.select(n - 1), { class: 'slim', disabled: n === 1 }), button(t('page.next'), 'next', () => this.select(n + 1), { class: 'slim', disabled: n === data.pages.length }),
			h('span', { class: 'number' }, t('page.of', { n, all: data.pages.length })),
			found && button(t(this.showMarks ? 'marks.hide' : 'marks.show'), 'search', () => { this.showMarks = !this.showMarks; this.select(n); }, { class: 'slim' })];
		fill(this.view, viewer(pageFile(this.id, n, 'preview'), t('page.alt', { n }), { tools, marks: found && this.showMarks ? found.marks : [], width: found?.width, height: found?.height }),
			h('details', { class: 'card' }, h('summary', {}, icon('text'), t('record.text')), page.text ? h('div', { class: 'text', tabindex: 0, role: 'group', 'aria-label': t('record.text') }, page.text) : h('p', { class: 'quiet' }, t('record.notext'))),
			this.can('edit') && page.state === 'read' && h('div', { class: 'row noprint' }, h('a', { class: 'button', href: `#/correct/${this.id}/${n}` }, icon('pen'), t('correct.open'))),
			h('details', { class: 'card' }, h('summary', {}, icon('info'), t('record.capture')), this.capture(page)));
	}

	// All pages go on paper, not only the one in sight.
	async print(pressed) {
		pressed.disabled = true;
		this.printout ??= this.element.appendChild(h('div', { class: 'printout' }));
		const frames = this.data.pages.map((p) => picture(pageFile(this.id, p.n, 'preview'), t('page.alt', { n: p.n }), { lazy: false }));
		fill(this.printout, frames.map((f, i) => h('figure', {}, h('figcaption', {}, `${this.id}　${t('page.of', { n: i + 1, all: frames.length })}`), f)));
		await Promise.all(frames.map((f) => new Promise((done) => { f.addEventListener('shown', done); setTimeout(done, 15000); })));
		await Promise.all([...this.printout.querySelectorAll('img')].map((i) => i.decode().catch(() => {})));
		pressed.disabled = false;
		window.print();
	}

	capture(page) {
		const p = page.params ?? {};
		const facts = [['capture.device', [p.vendor, p.model].filter(Boolean).join(' ') || p.device || p.file], ['capture.size', page.width && t('page.size', page)], ['capture.mode', p.mode && `${word('mode', p.mode.toLowerCase())}　${p.depth ?? ''} bit`],
			['capture.stored', time(page.stored)], ['capture.bytes', page.size && bytes(page.size)], ['capture.sha', page.sha256], ['capture.raw', page.raw_sha256]];
		return h('div', { class: 'stack tight' }, h('dl', { class: 'facts small' }, facts.filter(([, v]) => v).flatMap(([k, v]) => [h('dt', {}, t(k)), h('dd', { class: k.endsWith('sha') || k.endsWith('raw') ? 'mono' : '' }, v)])),
			h('div', { class: 'row noprint' }, save(t('download.master'), 'down', pageFile(this.id, page.n, 'master')), save(t('download.alto'), 'text', pageFile(this.id, page.n, 'alto'))));
	}
}

// Runs a verification and tells in words what was checked and what was found.
export async function verifyInto(place, document) {
	fill(place, h('div', { class: 'notice info' }, icon('work', 'spin'), h('p', {}, t('verify.running'))));
	try {
		const answer = await api.verify(document);
		const c = answer.checked ?? {};
		const counted = ['documents', 'pages', 'signatures', 'timestamps', 'objects', 'events'].filter((k) => c[k] !== undefined).map((k) => `${word('verify', k)} ${c[k].toLocaleString()}`).join('　');
		fill(place, answer.ok ? notice('good', h('strong', {}, t('verify.good')), counted) : notice('bad', h('strong', {}, t('verify.bad', { n: answer.faults.length })), h('ul', {}, answer.faults.slice(0, 50).map((f) => h('li', {}, `${f.where ?? ''} ${both(f)}`))), counted));
	} catch (e) {
		fill(place, notice('bad', e.message));
	}
}

export const record = (context) => new Record(context).element;
