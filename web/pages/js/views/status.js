// SPDX-License-Identifier: GPL-3.0-or-later
// The box at a glance: what works, what waits, which rules are waived since when (G6-03).
import { api } from '../api.js';
import { backlogWords } from '../backlog.js';
import { button, field, fill, h, icon, notice, select, tag } from '../dom.js';
import { age, both, bytes, t, time, word } from '../i18n.js';

const tile = (name, title, value, ...below) => h('section', { class: 'card tile stack tight' }, h('h2', {}, icon(name), title), h('p', { class: 'value number' }, value), below);

function rooms(list) {
	return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': t('status.rooms') }, h('table', {}, h('thead', {}, h('tr', {}, ['room', 'state', 'memory', 'restarts'].map((k) => h('th', { scope: 'col' }, t(`status.${k}`))))),
		h('tbody', {}, list.map((r) => h('tr', {}, h('td', {}, word('room', r.name.replace(/\/.*/, '')), ' ', h('span', { class: 'mono small quiet' }, r.name)), h('td', {}, r.ready === false ? tag('wait', 'work', t('status.starting')) : tag('good', 'check', t('status.running'))), h('td', { class: 'number' }, bytes((r.rss_kb ?? 0) * 1024)), h('td', { class: 'number' }, r.restarts > 0 ? tag('wait', 'warn', String(r.restarts)) : '0'))))));
}

function view(s, can, refresh) {
	const pending = s.pending_timestamps ?? {}, queue = s.queue ?? {};
	const oldest = pending.oldest ? age((Date.now() - new Date(pending.oldest)) / 1000) : '';
	const out = h('div', { class: 'stack' });
	for (const w of s.waivers ?? [])
		out.append(notice('wait', h('strong', {}, t('status.waiver', { row: w.row ?? '', since: w.since ? t('status.since', { at: time(w.since) }) : '' })), both(w)));
	for (const w of s.warnings ?? [])
		out.append(notice('bad', h('strong', {}, `${w.row} `), both(w)));
	if (s.clock?.override_until)
		out.append(notice('wait', h('strong', {}, 'G6-32 '), t('status.override', { at: time(s.clock.override_until) })));
	if (s.disk?.low)
		out.append(notice('bad', t('status.disklow')));
	out.append(h('div', { class: 'tiles' },
		tile('file', t('status.records'), (s.documents ?? 0).toLocaleString(), h('p', { class: 'quiet' }, t('status.pages', { n: (s.pages ?? 0).toLocaleString() }))),
		tile('work', t('status.reading'), String(queue.recognition ?? 0), backlogWords(queue).map((words) => h('p', {}, words)), queue.recognition > 0 && h('p', { class: 'quiet' }, t('status.reading.text'))),
		tile('seal', t('status.confirming'), String(queue.confirmation ?? 0), h('p', { class: 'quiet' }, t('status.confirming.text'))),
		tile('wait', t('status.untimed'), String(pending.count ?? 0), pending.count > 0 ? tag('wait', 'wait', t('status.oldest', { age: oldest })) : tag('good', 'check', t('status.none'))),
		tile('box', t('status.disk'), bytes(s.disk?.free ?? 0), s.disk?.low ? tag('bad', 'warn', t('status.low')) : tag('good', 'check', t('status.enough'))),
		tile('log', t('status.log'), (s.log?.size ?? 0).toLocaleString(), h('p', { class: 'quiet' }, t('status.log.text')))));
	if (s.rooms?.length)
		out.append(h('section', { class: 'card' }, h('h2', {}, icon('box'), t('status.rooms')), rooms(s.rooms)));
	out.append(h('p', { class: 'quiet small' }, `${s.name ?? ''}　Fumikura ${s.version ?? ''}`));
	if (can('time'))
		out.append(clock(s, refresh));
	if (can('doctor'))
		out.append(doctor());
	return out;
}

// A manager answers for the clock (G6-32): for some hours, with a reason that the log keeps; and takes it back.
function clock(s, refresh) {
	const until = s.clock?.override_until;
	const place = h('div', { 'aria-live': 'polite' });
	const hours = select([1, 2, 4, 8, 24].map((n) => [String(n), t('clock.hours', { n })]), '4');
	const reason = h('input', { maxlength: 160, autocomplete: 'off' });
	const send = async (n, why) => {
		try {
			await api.timeOverride(n, why);
			refresh();
		} catch (e) {
			fill(place, notice('bad', e.message));
		}
	};
	return h('section', { class: 'card stack' }, h('h2', {}, icon('wait'), t('clock.title')),
		s.clock?.synchronised === false ? tag('bad', 'warn', t('clock.unsure')) : tag('good', 'check', t('clock.sure')), h('p', {}, t('clock.text')),
		until ? h('div', { class: 'row' }, tag('wait', 'wait', t('clock.until', { at: time(until) })), button(t('clock.end'), 'stop', () => send(0, '')))
			: h('form', { class: 'stack', onsubmit: (e) => { e.preventDefault(); reason.value.trim() === '' ? fill(place, notice('bad', t('clock.reason.missing'))) : send(Number(hours.value), reason.value.trim()); } },
				h('div', { class: 'pair' }, field(t('clock.for'), hours), field(t('clock.reason'), reason, { must: true, hint: t('clock.reason.hint') })),
				h('div', { class: 'row' }, h('button', { class: 'button' }, icon('wait'), t('clock.allow')))), place);
}

function doctor() {
	const place = h('div', { 'aria-live': 'polite' });
	return h('section', { class: 'card stack' }, h('h2', {}, icon('proof'), t('doctor.title')), h('p', {}, t('doctor.text')), h('div', { class: 'row' }, button(t('doctor.run'), 'proof', async () => {
		fill(place, h('div', { class: 'notice info' }, icon('work', 'spin'), h('p', {}, t('verify.running'))));
		try {
			const a = await api.doctor();
			fill(place, a.ok ? notice('good', t('doctor.good')) : notice('bad', h('strong', {}, t('verify.bad', { n: a.faults.length })), h('ul', {}, a.faults.slice(0, 50).map((f) => h('li', {}, `${f.where ?? ''} ${both(f)}`)))));
		} catch (e) {
			fill(place, notice('bad', e.message));
		}
	})), place);
}

export function status({ can, refresh }) {
	const place = h('div', {}, h('p', { class: 'quiet' }, t('page.loading')));
	api.status().then((s) => fill(place, view(s, can, refresh))).catch((e) => fill(place, notice('bad', e.message)));
	return h('div', {}, h('div', { class: 'head' }, h('h1', {}, t('nav.status')), button(t('refresh'), 'work', refresh), h('p', { class: 'lead' }, t('status.lead'))), place);
}
