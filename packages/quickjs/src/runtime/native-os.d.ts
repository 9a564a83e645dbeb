/**
 * System calls, from native/system-calls.c. A call that fails returns the negative errno; `check` and
 * `attempt` in errno.ts turn it into an error.
 */
declare module "native:os" {
  export const O_RDONLY: number;
  export const O_WRONLY: number;
  export const O_RDWR: number;
  export const O_CREAT: number;
  export const O_EXCL: number;
  export const O_NONBLOCK: number;
  export const O_NOCTTY: number;
  export const O_NOFOLLOW: number;
  export const O_DIRECTORY: number;

  export function open(path: string, flags: number, mode: number): number;
  export function close(fd: number): number;
  /** Fills the bytes from the offset on; returns how many came, 0 at the end. */
  export function read(fd: number, bytes: Uint8Array, offset: number): number;
  /** Returns how many of the bytes from the offset on were taken. */
  export function write(fd: number, bytes: Uint8Array, offset: number): number;
  export function fsync(fd: number): number;
  export function fchmod(fd: number, mode: number): number;
  export function fchown(fd: number, uid: number, gid: number): number;
  /** Mode, uid, gid, size in bytes. */
  export type Status = readonly [number, number, number, number];
  export function fstat(fd: number): Status | number;
  export function stat(path: string): Status | number;
  export function lstat(path: string): Status | number;
  export function readlink(path: string): string | number;
  export function realpath(path: string): string | number;
  export function readdir(path: string): string[] | number;
  export function rename(from: string, to: string): number;
  export function unlink(path: string): number;
  export function symlink(target: string, path: string): number;
  export function mkdir(path: string, mode: number): number;
  export function readLabel(path: string): string | number;
  export function writeLabel(fd: number, label: string): number;
  /** Block size in bytes, blocks, blocks available, files, files available. */
  export function statvfs(path: string): readonly [number, number, number, number, number] | number;

  export function monotonicMs(): number;
  /** Seconds since 1970. */
  export function unixTime(): number;
  /** The bytes are an array of struct pollfd; a timeout of -1 waits without end. */
  export function poll(bytes: Uint8Array, count: number, timeoutMs: number): number;
  /** A descriptor that tells these signals, which do nothing else any more. */
  export function openSignals(numbers: readonly number[]): number;
  /** What is called while it returns true, each time after all promises that could go on have. */
  export function setTurn(turn: () => boolean): void;

  export function connectUnix(path: string): number;
  export function sendDatagram(path: string, bytes: Uint8Array): number;
  /** A descriptor that tells changes of the kernel's network (rtnetlink(7), RTMGRP_*). */
  export function openNetlink(groups: number): number;

  export function isTerminal(fd: number): boolean;
  /** Each key is read at once, Ctrl-C too, and not shown, until `showKeys` or the program's end. */
  export function hideKeys(fd: number): number;
  export function showKeys(): void;

  export function pipe(): readonly [number, number] | number;
  export function setNonblocking(fd: number): number;
  export function spawn(
    path: string,
    argv: readonly string[],
    environment: readonly string[],
    stdin: number,
    stdout: number,
    stderr: number,
  ): number;
  /** The process goes on as that program; returns only to tell a failure. */
  export function exec(path: string, argv: readonly string[], environment: readonly string[]): number;
  /** Exit status, or 128 plus the signal's number; -EAGAIN while the process runs. */
  export function wait(pid: number): number;
  export function kill(pid: number, signal: number): number;

  /** The first is the program's name. */
  export function programArguments(): string[];
  export function environment(name: string): string | undefined;
  export function setExitStatus(status: number): void;
  export function forbidCoreDumps(): number;
  export function randomBytes(bytes: Uint8Array): number;
  /** Has this process killed when that parent of it ends; false when it has ended already. */
  export function dieWithParent(parent: number): boolean | number;
  export function processId(): number;
  /** Gives memory back that is not needed at the moment. */
  export function releaseMemory(): void;
}
