// Settings of an n8n that a person may have on this machine, which must not reach the demo's own: its database above all.
const SETTINGS_OF_N8N = /^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|NODES|WEBHOOK|OFFLOAD|WORKFLOWS)_/;
// What "npm run" says about this project, which an npm in another folder would take for its own.
const ABOUT_THIS_PROJECT = /^npm_(package|lifecycle|config_local_prefix|config_user_agent)/;

/** The environment for npm. */
export function npmEnvironment(): NodeJS.ProcessEnv {
	return without(ABOUT_THIS_PROJECT);
}

/** The environment for n8n: its data in one folder, this machine only, and nothing sent home. */
export function n8nEnvironment(home: string): NodeJS.ProcessEnv {
	return {
		...without(SETTINGS_OF_N8N),
		N8N_USER_FOLDER: home,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false', // the address is http
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true', // n8n 3 will not load a package from a file without it
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	};
}

function without(names: RegExp): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}
