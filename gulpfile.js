const { rmSync } = require('node:fs');
const { dest, parallel, series, src, watch } = require('gulp');

/** What n8n loads; each becomes one file with all that it imports. */
const ENTRIES = ['nodes/Invent/Invent.node.ts', 'credentials/InventApi.credentials.ts'];

/** What n8n loads beside them: icons, the codex, and the output schemas. */
const ASSETS = ['nodes/**/*.svg', 'nodes/**/*.json', 'credentials/**/*.svg'];

function clean(done) {
	rmSync('dist', { recursive: true, force: true });
	done();
}

async function bundle() {
	const { build } = await import('rolldown');
	await build(
		ENTRIES.map((input) => ({
			input,
			platform: 'node',
			external: ['n8n-workflow', /^node:/],
			transform: { target: 'es2022' },
			output: { file: `dist/${input.replace(/ts$/, 'js')}`, format: 'cjs', comments: false },
		})),
	);
}

function assets() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

/** Builds anew what has changed, for `npm run dev`; an error is shown, and the next change tried. */
function watchSources() {
	watch('{nodes,credentials}/**/*.ts', { ignoreInitial: false }, bundle);
	watch(ASSETS, { ignoreInitial: false }, assets);
}

exports.build = series(clean, parallel(bundle, assets));
exports.watch = watchSources;
