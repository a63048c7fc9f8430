// Runs the tests in the order in which they are listed, so that most mutants are found by a fast one.

const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
	sort(tests) {
		const [{ context } = {}] = tests;
		const order = context?.config.testMatch ?? [];
		return [...tests].sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
	}
};
