/**
 * What `backend-labs/kit` is to lab content: the three definitions that its files export by default, and the types of
 * what they are handed. Everything that runs is handed in, so that the kit's own version and the lab's cannot differ.
 *
 * `busyLoop` and its calibration are the exception: they run wherever a server computes.
 *
 * - `experiment.ts`: `export default experiment(async (lab) => { … })`
 * - `server.ts`: `export default server((lab) => { … })`
 * - `exercises/<name>/check.ts`: `export default [check('check-id', async (t) => { … }), …]`
 */
export { busyLoop, calibrateBusyLoop } from './busyLoop.ts';
export { check, experiment, server } from './definition.ts';
export type { BurstResult, CheckContext } from './checkContext.ts';
export type { Expectation, About } from './expectation.ts';
export type { ExperimentContext, OthersWatch, QueueSampling, RunningServer, SegmentCapture, SocketQueueSampling } from './experimentContext.ts';
export type { LoadPlan, LoadRequest, LoadResult } from './openLoopLoad.ts';
export type { LabServerContext } from './serverContext.ts';
export type { FaultWeights, HttpFault } from './faults.ts';
export type { Program, ProgramEnding } from './program.ts';
export type { ProcessMemory } from '../runtime/processMemory.ts';
export { threads } from './threads/definition.ts';
export type { ThreadContext } from './threads/definition.ts';
export type { Fate, Fates } from '../sim/retry/fates.ts';
export type { TcpClient } from './tcpClient.ts';
export type { HttpAnswer, HttpPlan } from './httpClient.ts';
