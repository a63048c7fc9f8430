import { settle } from '../../../nodes/Invent/transport/settle.ts';

test('A promise that is fulfilled settles with its value', async () => {
	expect(await settle(Promise.resolve(1))).toEqual({ status: 'fulfilled', value: 1 });
});

test('A promise that is rejected settles with the reason itself', async () => {
	const reason = new Error('No');
	const outcome = await settle(Promise.reject(reason));
	expect(outcome).toEqual({ status: 'rejected', reason });
	expect(outcome.status === 'rejected' && outcome.reason).toBe(reason);
});
