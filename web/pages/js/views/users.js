// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts. A reset makes a new signing key and so needs two people (architecture §4 rule 3).
import { api } from '../api.js';
import { ask, button, field, fill, h, icon, notice, select, tag, toast } from '../dom.js';
import { t, time, word } from '../i18n.js';

const roles = ['clerk', 'checker', 'manager', 'inspector', 'admin'];

// A first password that can be read out and typed: five groups without look-alikes.
function firstPassword() {
	const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
	const random = crypto.getRandomValues(new Uint8Array(20));
	return [...random].map((b, i) => (i > 0 && i % 4 === 0 ? '-' : '') + letters[b % letters.length]).join('');
}

const stateTag = (u) => u.state === 'active' ? (u.locked_until ? tag('bad', 'warn', t('user.locked')) : tag('good', 'check', t('user.active'))) : tag('plain', 'remove', t('user.disabled'));

function addForm(done) {
	const user = h('input', { autocapitalize: 'none', spellcheck: 'false', required: true, pattern: '[a-z][a-z0-9._\\-]*', maxlength: 32 }), display = h('input', { required: true, maxlength: 40 });
	const role = select(roles.map((r) => [r, word('role', r)]), 'clerk'), secret = h('input', { class: 'mono', required: true, value: firstPassword(), autocomplete: 'off' });
	const place = h('div', { 'aria-live': 'polite' });
	const send = async (e) => {
		e.preventDefault();
		try {
			await api.addUser({ user: user.value, display: display.value, role: role.value, password: secret.value });
			fill(place, notice('good', t('user.added', { user: user.value }), h('strong', { class: 'mono' }, secret.value)));
			user.value = display.value = '';
			secret.value = firstPassword();
			done();
		} catch (error) {
			fill(place, notice('bad', error.message));
		}
	};
	return h('form', { class: 'card stack', onsubmit: send }, h('h2', {}, icon('plus'), t('user.add')), h('div', { class: 'pair' }, field(t('user.name'), user, { hint: t('user.name.hint') }), field(t('user.display'), display), field(t('user.role'), role), field(t('user.first'), secret, { hint: t('user.first.hint') })), place, h('div', { class: 'row' }, h('button', { class: 'button primary' }, icon('check'), t('user.add'))));
}

export function users({ can, me }) {
	const place = h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': t('nav.users') });
	const act = async (f, text) => {
		try {
			await f();
			toast('good', text);
			load();
		} catch (e) {
			toast(e.code === 'second_person_needed' ? 'wait' : 'bad', e.message);
		}
	};
	const disable = async (u) => {
		if (await ask(t('user.disable'), t('user.disable.text', { name: u.display }), t('user.disable')) !== null)
			act(() => api.disableUser(u.user), t('user.disable.done'));
	};
	const reset = async (u) => {
		const secret = await ask(t('user.reset'), t('user.reset.text', { name: u.display }), t('user.reset'), t('user.first'));
		if (secret)
			act(async () => { const a = await api.resetUser(u.user, secret); if (a.state === 'requested') toast('wait', t('user.reset.asked')); }, t('user.reset.done'));
	};
	const load = async () => {
		try {
			const { users: list } = await api.users();
			fill(place, h('table', {}, h('thead', {}, h('tr', {}, ['display', 'role', 'state', 'last', 'acts'].map((k) => h('th', { scope: 'col' }, t(`user.${k}.head`))))),
				h('tbody', {}, list.map((u) => h('tr', {}, h('td', {}, h('strong', {}, u.display), h('br'), h('span', { class: 'mono small quiet' }, u.user)), h('td', {}, word('role', u.role)), h('td', {}, stateTag(u), u.reset_asked_by && tag('wait', 'key', t('user.asked', { by: u.reset_asked_by })), u.hand && h('p', { class: 'small quiet' }, t('user.hand', { hand: u.hand }))), h('td', { class: 'number' }, time(u.last_login)),
					h('td', {}, h('div', { class: 'row' }, can('reset') && u.user !== me.user && button(t('user.reset'), 'key', () => reset(u), { class: 'slim', 'aria-label': `${t('user.reset')} ${u.display}` }), can('users') && u.state === 'active' && u.user !== me.user && button(t('user.disable'), 'remove', () => disable(u), { class: 'slim', 'aria-label': `${t('user.disable')} ${u.display}` }))))))));
		} catch (e) {
			fill(place, notice('bad', e.message));
		}
	};
	load();
	return h('div', { class: 'stack' }, h('div', { class: 'head' }, h('h1', {}, t('nav.users')), h('p', { class: 'lead' }, t('user.lead'))), place, can('users') && addForm(load));
}
