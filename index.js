module.exports = {
	nodes: [require('./dist/nodes/Invent/Invent.node.js')],
	credentials: [require('./dist/credentials/InventApi.credentials.js')],
};
