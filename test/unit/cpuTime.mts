/** The time that this thread has worked so far, in milliseconds: however busy the machine is, work takes the same. */
export function workedMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}
