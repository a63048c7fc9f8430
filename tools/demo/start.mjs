// Plain JavaScript on purpose: an older Node can read this file, but not the TypeScript that it loads.
const NEEDED = 24; // n8n's own floor: "engines" in its package.json

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
	fail(
		`The demo needs Node ${NEEDED} or newer, this is ${process.version}: "npm install" brings one, and "npm run demo" uses it.`,
	);
} else {
	await import('./main.mts').catch((error) => {
		if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
		fail('The demo needs the packages of the project: run "npm install" first.');
	});
}

function fail(line) {
	console.error(line);
	process.exitCode = 1;
}
