// SPDX-License-Identifier: GPL-3.0-or-later
// Paper and files come in here. The checklist before feeding is G91-03; the profile is what the device must really deliver (G91-02).
import { api } from '../api.js';
import { backlog } from '../backlog.js';
import { button, check, empty, field, fill, h, icon, notice, tag } from '../dom.js';
import { both, t, time, word } from '../i18n.js';
import { profiles, types } from '../lists.js';

const remembered = (name) => localStorage.getItem(`fumikura.${name}`) ?? '';
const remember = (name, value) => localStorage.setItem(`fumikura.${name}`, value);

// The four things to look at before paper is fed. ready(bool) tells whether all are ticked.
export function checklist(ready) {
	const ticked = new Set();
	return h('fieldset', { class: 'stack tight' }, h('legend', {}, t('check.legend')),
		['overlap', 'staples', 'area', 'order'].map((key) => check(t(`check.${key}`), (on) => {
			on ? ticked.add(key) : ticked.delete(key);
			ready(ticked.size === 4);
		})));
}

function deviceSelect(place) {
	const e = h('select', { onchange: () => remember('device', e.value) });
	e.append(h('option', { value: '' }, t('scan.device.asking')));
	api.devices().then(({ devices }) => {
		fill(e, ...devices.map((d) => h('option', { value: d.name }, [d.vendor, d.model].filter(Boolean).join(' ') || d.name)));
		if (devices.some((d) => d.name === remembered('device')))
			e.value = remembered('device');
		if (devices.length === 0) {
			e.append(h('option', { value: '' }, t('scan.device.none')));
			fill(place, notice('bad', t('scan.device.help')));
		}
	}).catch((error) => {
		fill(e, h('option', { value: '' }, t('scan.device.none')));
		fill(place, notice('bad', error.message));
	});
	return e;
}

function listSelect(ask, name, first) {
	const e = h('select', { onchange: () => remember(name, e.value) }, first && h('option', { value: '' }, first));
	ask().then((list) => {
		e.append(...list.map((x) => h('option', { value: x.id }, both(x))));
		if (list.some((x) => x.id === remembered(name)))
			e.value = remembered(name);
	});
	return e;
}

function paper(go) {
	const place = h('div', { 'aria-live': 'polite' });
	const device = deviceSelect(place), profile = listSelect(profiles, 'profile'), type = listSelect(types, 'type', t('scan.type.later'));
	const sheets = h('input', { type: 'number', min: 0, max: 5000, inputmode: 'numeric', placeholder: t('scan.sheets.all') });
	const why = h('p', { class: 'small quiet', id: 'why' }, t('scan.start.why'));
	const start = h('button', { type: 'submit', class: 'button primary big', disabled: true, 'aria-describedby': 'why', 'data-start': '' }, icon('play'), t('scan.start'));
	const ready = (yes) => { start.disabled = !yes; why.hidden = yes; };

	const send = async (e) => {
		e.preventDefault();
		start.disabled = true;
		try {
			const answer = await api.scan({ device: device.value, profile: profile.value, type: type.value, batch: '', sheets: Number(sheets.value) || 0 });
			go(`/batch/${answer.batch}`);
		} catch (error) {
			fill(place, notice('bad', error.message));
			start.disabled = false;
		}
	};
	return h('form', { class: 'card stack', onsubmit: send }, h('h2', {}, icon('scan'), t('scan.paper')),
		h('div', { class: 'pair' }, field(t('scan.device'), device), field(t('scan.profile'), profile), field(t('scan.type'), type), field(t('scan.sheets'), sheets, { hint: t('scan.sheets.hint') })),
		checklist(ready), place, start, why);
}

async function sendFiles(files, type, say) {
	const { batch } = await api.importOpen(type);
	const refused = [];
	let n = 0;
	for (const file of files) {
		say(t('import.sending', { n: ++n, all: files.length, name: file.name }));
		try {
			await api.importFile(batch, file);
		} catch (e) {
			if (e.status === 401 || e.status === 0)
				throw e;
			refused.push([file.name, e.message]);
		}
	}
	await api.importClose(batch);
	return { batch, refused };
}

function files(go) {
	const place = h('div', { 'aria-live': 'polite', class: 'stack tight' });
	const type = listSelect(types, 'type', t('scan.type.later'));
	const input = h('input', { type: 'file', multiple: true, accept: '.pdf,.tif,.tiff,.jpg,.jpeg,.png', class: 'sr', tabindex: -1, 'aria-hidden': 'true', onchange: () => take([...input.files]) });
	let busy = false;

	const take = async (list) => {
		if (busy || list.length === 0)
			return;
		busy = true;
		const line = h('p', {});
		fill(place, h('div', { class: 'notice info' }, icon('work', 'spin'), line));
		try {
			const { batch, refused } = await sendFiles(list, type.value, (text) => { line.textContent = text; });
			if (refused.length === 0) {
				go(`/batch/${batch}`);
				return;
			}
			fill(place, ...refused.map(([name, message]) => notice('bad', h('strong', {}, name), message)), refused.length < list.length && h('a', { class: 'button', href: `#/batch/${batch}` }, icon('next'), t('import.rest')));
		} catch (e) {
			fill(place, notice('bad', e.message));
		} finally {
			busy = false;
			input.value = '';
		}
	};
	const drop = h('div', { class: 'drop' }, icon('file'), h('p', {}, t('import.drop')), input, button(t('import.choose'), 'plus', () => input.click()), h('p', { class: 'small quiet' }, t('import.kinds')));
	for (const name of ['dragover', 'dragenter'])
		drop.addEventListener(name, (e) => { e.preventDefault(); drop.classList.add('over'); });
	for (const name of ['dragleave', 'drop'])
		drop.addEventListener(name, () => drop.classList.remove('over'));
	drop.addEventListener('drop', (e) => { e.preventDefault(); take([...e.dataTransfer.files]); });
	return h('section', { class: 'card stack' }, h('h2', {}, icon('file'), t('import.title')), field(t('scan.type'), type), drop, place);
}

function recent() {
	const list = h('div', { class: 'list' });
	api.batches('', 12).then(({ batches }) => {
		fill(list, ...batches.map((b) => h('a', { class: 'item', href: `#/batch/${b.id}` },
			h('span', { class: 'title mono' }, b.id), h('span', { class: 'number' }, t('batch.counts', { pages: b.pages, documents: (b.documents ?? []).length })),
			b.running ? tag('wait', 'work', t('batch.running')) : tag(b.state === 'open' ? 'info' : 'plain', b.state === 'open' ? 'pen' : 'check', word('batchstate', b.state)),
			h('span', { class: 'quiet small' }, time(b.opened), '　', b.by))));
		if (batches.length === 0)
			list.append(empty('scan', t('batch.none')));
	});
	return h('section', { class: 'card stack' }, h('h2', {}, icon('log'), t('batch.recent')), list);
}

export function scan({ go, onleave }) {
	return h('div', {}, h('div', { class: 'head' }, h('h1', {}, t('nav.scan')), h('p', { class: 'lead' }, t('scan.lead')), backlog(onleave)),
		h('div', { class: 'scan' }, paper(go), h('div', { class: 'stack' }, files(go), recent())));
}
