const { execFileSync, spawn } = require('node:child_process');
const { rmSync } = require('node:fs');
const { dest, parallel, series, src, watch } = require('gulp');

const TSC = require.resolve('typescript/bin/tsc');

/** What n8n loads beside the compiled code: icons, the codex, and the output schemas. */
const ASSETS = ['nodes/**/*.svg', 'nodes/**/*.json', 'credentials/**/*.svg'];

function clean(done) {
	rmSync('dist', { recursive: true, force: true });
	done();
}

function compile(done) {
	execFileSync(process.execPath, [TSC], { stdio: 'inherit' });
	done();
}

function assets() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

/** Builds anew what has changed, for `npm run dev`; an error is shown, and the next change tried. */
function watchSources() {
	const compiler = spawn(process.execPath, [TSC, '--watch', '--preserveWatchOutput'], { stdio: 'inherit' });
	process.once('exit', () => compiler.kill());
	watch(ASSETS, assets);
}

exports.build = series(clean, parallel(compile, assets));
exports.watch = watchSources;
