// SPDX-License-Identifier: GPL-3.0-or-later
// The gate. A wrong password never says whether the name exists.
import { api } from '../api.js';
import { field, fill, h, icon, notice } from '../dom.js';
import { language, setLanguage, t } from '../i18n.js';

export function signIn({ message, done, again }) {
	const user = h('input', { name: 'user', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true });
	const secret = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
	const submit = h('button', { class: 'button primary big' }, icon('key'), t('signin.button'));
	const place = h('div', { 'aria-live': 'polite' }, message);

	const send = async (e) => {
		e.preventDefault();
		submit.disabled = true;
		place.replaceChildren();
		try {
			await done(await api.signIn(user.value.trim(), secret.value));
		} catch (error) {
			fill(place, notice('bad', error.message));
			secret.value = '';
			secret.focus();
		}
		submit.disabled = false;
	};
	setTimeout(() => user.focus());
	return h('div', { class: 'gate' },
		h('header', { class: 'wall' }, h('div', { class: 'words' }, h('img', { src: '/img/mark.svg', alt: '' }), h('strong', {}, '文蔵'), h('p', {}, t('gate.lead')))),
		h('main', {},
			h('h1', {}, t('signin.title')), place,
			h('form', { onsubmit: send }, field(t('signin.user'), user), field(t('signin.password'), secret), submit),
			h('div', { class: 'foot' },
				h('button', { type: 'button', class: 'button plain slim', lang: language() === 'ja' ? 'en' : 'ja', onclick: () => { setLanguage(language() === 'ja' ? 'en' : 'ja'); again(); } }, icon('lang'), t('nav.language')),
				h('a', { href: `/help/${language()}.html`, target: '_blank', rel: 'noopener' }, t('nav.help'))),
			h('p', { class: 'quiet small' }, t('signin.logged'))));
}
