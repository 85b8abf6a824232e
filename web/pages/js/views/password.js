// SPDX-License-Identifier: GPL-3.0-or-later
// One's own password. It also guards one's signing key, so nobody else can set it alone.
import { api } from '../api.js';
import { field, fill, h, icon, notice, toast } from '../dom.js';
import { t } from '../i18n.js';

export function password({ me, passwordChanged }) {
	const input = (autocomplete) => h('input', { type: 'password', autocomplete, required: true });
	const old = input('current-password'), fresh = input('new-password'), again = input('new-password');
	const place = h('div', { 'aria-live': 'polite' }, me.must_change && notice('info', t('password.first')));
	const submit = h('button', { class: 'button primary' }, icon('check'), t('password.button'));

	const send = async (e) => {
		e.preventDefault();
		if (fresh.value !== again.value) {
			fill(place, notice('bad', t('password.differ')));
			again.focus();
			return;
		}
		submit.disabled = true;
		try {
			await api.password(old.value, fresh.value);
			toast('good', t('password.done'));
			await passwordChanged();
		} catch (error) {
			fill(place, notice('bad', error.message));
			submit.disabled = false;
		}
	};
	return h('div', { class: 'stack' },
		h('div', { class: 'head' }, h('h1', {}, t('nav.password')), h('p', { class: 'lead' }, t('password.lead'))), place,
		h('form', { class: 'card stack narrow', onsubmit: send }, h('input', { type: 'hidden', autocomplete: 'username', value: me.user }),
			field(t('password.old'), old), field(t('password.new'), fresh, { hint: t('password.rule') }), field(t('password.again'), again),
			h('div', { class: 'row' }, submit)));
}
