// SPDX-License-Identifier: GPL-3.0-or-later
// Lists that rarely change, asked for once per visit, and the words for states.
import { api } from './api.js';
import { tag } from './dom.js';
import { both, t, word } from './i18n.js';

const held = {};
const once = (name, ask) => async () => (held[name] ??= (await ask())[name]);

export const types = once('types', api.types);
export const profiles = once('profiles', api.profiles);

// Types are needed for names only where lists are not permitted (inspectors): the word itself must do then.
export async function typeNames() {
	try {
		return new Map((await types()).map((x) => [x.id, both(x)]));
	} catch {
		return new Map();
	}
}

const documentKinds = { draft: ['plain', 'pen'], submitted: ['wait', 'wait'], confirmed: ['good', 'seal'] };

// State of a document as icon and word. stamped: whether the timestamp is there (confirmed only).
export function documentState(state, stamped) {
	if (state === 'confirmed' && stamped === false)
		return tag('wait', 'wait', t('state.untimed'));
	const [kind, name] = documentKinds[state] ?? ['plain', 'info'];
	return tag(kind, name, word('state', state));
}

const pageKinds = { stored: ['info', 'check'], reading: ['wait', 'work'], read: ['good', 'check'], unreadable: ['bad', 'warn'] };

export function pageState(page) {
	if (page.excluded)
		return tag('plain', 'remove', t('page.excluded'));
	const [kind, name] = pageKinds[page.state] ?? ['plain', 'info'];
	return tag(kind, name, word('pagestate', page.state));
}

// Title line of a record: type and client, or its number.
export function titleOf(document, names) {
	const f = document.fields ?? {};
	const type = names?.get(f.type || document.type) ?? f.type ?? document.type;
	return [f.title || type || t('doc.untyped'), f.client_name].filter(Boolean).join('　');
}
