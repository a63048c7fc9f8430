import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 500;

/** Does something that only one demo may do at a time: `waiting` is called over and over while another one does it. */
export async function exclusively<T>(lock: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
	while (!(await take(lock))) {
		waiting();
		await sleep(POLL_MS);
	}
	try {
		return await work();
	} finally {
		await rm(lock, { force: true });
	}
}

/** Takes the lock, unless a living process holds it. */
async function take(lock: string): Promise<boolean> {
	try {
		await writeFile(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		if (!(await isHeld(lock))) await rm(lock, { force: true }); // a demo that was killed left it
		return false;
	}
}

async function isHeld(lock: string): Promise<boolean> {
	const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
	try {
		return process.kill(pid, 0); // 0, before the other one has written its id, is always alive
	} catch {
		return false;
	}
}
