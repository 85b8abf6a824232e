// SPDX-License-Identifier: GPL-3.0-or-later
// 確定: the checker looks at every page beside the fields, answers the questions of G91-03 and G92-01, and signs.
import { api, pageFile } from '../api.js';
import { button, check, fill, h, icon, notice, tag } from '../dom.js';
import { t, time } from '../i18n.js';
import { fieldsFacts } from '../fields.js';
import { documentState, titleOf, typeNames } from '../lists.js';
import { viewer } from '../picture.js';

const questions = ['all', 'legible', 'person', 'upright'];

class Check {
	constructor({ args, me, go }) {
		Object.assign(this, { id: args[0] ?? '', me, go, n: 1, seen: new Set(), ticked: new Set() });
		this.element = h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('confirm.title', { id: this.id }))));
		this.body = h('div', { class: 'work two' });
		this.element.append(this.body);
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
		this.view = h('section', { class: 'sticky' });
		fill(this.body, this.view, h('section', { class: 'stack forms' }, this.facts(), this.data.state === 'submitted' ? this.form() : this.done()));
		this.showPage();
	}

	facts() {
		const people = this.data.people ?? {};
		const name = (user) => this.data.names?.[user] || user || '—';
		return h('div', { class: 'card stack' }, h('h2', {}, icon('file'), titleOf(this.data, this.names)), fieldsFacts(this.data.fields ?? {}, this.names),
			h('dl', { class: 'facts' }, ['scanned_by', 'indexed_by', 'submitted_by'].flatMap((k) => [h('dt', {}, t(`people.${k}`)), h('dd', {}, name(people[k]))])));
	}

	same() {
		const people = this.data.people ?? {};
		return [people.scanned_by, people.submitted_by, people.indexed_by].includes(this.me.user);
	}

	form() {
		this.button = h('button', { type: 'button', class: 'button seal big', disabled: true, 'aria-describedby': 'confirm-why', onclick: () => this.confirm() }, icon('seal'), t('confirm.button'));
		this.why = h('p', { class: 'small quiet', id: 'confirm-why' });
		this.place = h('div', { 'aria-live': 'polite' });
		const box = h('div', { class: 'card stack' }, h('h2', {}, icon('seal'), t('confirm.questions')),
			h('fieldset', { class: 'stack tight' }, h('legend', { class: 'sr' }, t('confirm.questions')), questions.map((q) => check(t(`confirm.${q}`), (on) => {
				on ? this.ticked.add(q) : this.ticked.delete(q);
				this.judge();
			}))),
			this.same() && notice('wait', t('confirm.same')), notice('info', t('confirm.means')), this.place, this.button, this.why);
		this.judge();
		return box;
	}

	judge() {
		if (!this.button)
			return;
		const unseen = this.data.pages.length - this.seen.size;
		this.button.disabled = unseen > 0 || this.ticked.size < questions.length;
		this.why.textContent = unseen > 0 ? t('confirm.unseen', { n: unseen }) : this.button.disabled ? t('confirm.unticked') : '';
	}

	// The oldest that still waits, so that the checker need not go back to the list.
	async offerNext(link) {
		const { documents } = await api.queue('submitted');
		const next = documents.find((d) => d.id !== this.id);
		if (next)
			link.href = `#/confirm/${next.id}`;
	}

	done() {
		const onward = h('a', { class: 'button primary', href: '#/queue' }, icon('next'), t('confirm.next'));
		this.offerNext(onward).catch(() => {});
		const stamped = this.data.timestamp?.state === 'stamped';
		return h('div', { class: 'card stack' }, h('div', { class: 'row' }, this.data.state === 'confirmed' && h('span', { class: 'stamp', 'aria-hidden': 'true' }, t('stamp')), documentState(this.data.state, stamped)),
			this.data.signature && h('p', {}, t('confirm.signed', { at: time(this.data.signature.at) })),
			this.data.state === 'confirmed' && !stamped && notice('wait', t('confirm.untimed')),
			h('div', { class: 'row' }, h('a', { class: 'button', href: `#/doc/${this.id}` }, icon('file'), t('confirm.record')), onward));
	}

	showPage() {
		const page = this.data.pages[this.n - 1];
		if (!page)
			return;
		this.seen.add(this.n);
		const move = (d) => { this.n = Math.min(this.data.pages.length, Math.max(1, this.n + d)); this.showPage(); };
		fill(this.view, viewer(pageFile(this.id, this.n, 'preview'), t('page.alt', { n: this.n }), { tools: [
			button(t('page.previous'), 'back', () => move(-1), { class: 'slim', disabled: this.n === 1 }), button(t('page.next'), 'next', () => move(1), { class: 'slim', disabled: this.n === this.data.pages.length }),
			h('span', { class: 'number', role: 'status' }, t('page.of', { n: this.n, all: this.data.pages.length }))] }),
			(page.findings ?? []).length > 0 && h('div', { class: 'row' }, page.findings.map((f) => tag('wait', 'warn', f.ja ? (document.documentElement.lang === 'en' ? f.en : f.ja) : f.code))));
		this.judge();
	}

	async confirm() {
		this.button.disabled = true;
		fill(this.place, h('div', { class: 'notice info' }, icon('work', 'spin'), h('p', {}, t('confirm.signing'))));
		try {
			await api.confirm([this.id]); // refused alone, it is an error
			await this.load();
		} catch (e) {
			fill(this.place, notice('bad', e.message));
			this.button.disabled = false;
		}
	}
}

export const confirm = (context) => new Check(context).element;
