const { execFileSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const { dest, parallel, series, src } = require('gulp');

/** What n8n loads beside the compiled code: icons, the codex, and the output schemas. */
const ASSETS = ['nodes/**/*.svg', 'nodes/**/*.json', 'credentials/**/*.svg'];

function clean(done) {
	rmSync('dist', { recursive: true, force: true });
	done();
}

function compile(done) {
	execFileSync(process.execPath, [require.resolve('typescript/bin/tsc')], { stdio: 'inherit' });
	done();
}

function assets() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.build = series(clean, parallel(compile, assets));
