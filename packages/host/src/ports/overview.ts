import type { OperationKind, OperationState } from "../ledger/operation.ts";

/** What of an operation is shown beside its instance. */
export interface OperationHead {
  readonly id: string;
  readonly instanceId: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly requestId: string;
}

/** How operations of a kind ended, and how long those took that were done, in milliseconds. */
export interface KindStatistics {
  readonly kind: OperationKind;
  readonly done: number;
  readonly failed: number;
  /** Those answered late are among them. */
  readonly timedOut: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/** How operations of an hour ended. */
export interface HourStatistics {
  /** The hour's beginning. */
  readonly at: Date;
  readonly done: number;
  /** With those that timed out. */
  readonly failed: number;
}

/** An operation that took long. */
export interface SlowOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly instanceId: string;
  /** Null when the instance is gone. */
  readonly instanceName: string | null;
  readonly durationMs: number;
  readonly state: OperationState;
  readonly createdAt: Date;
}

/** The operations that were asked for since a moment and are finished. */
export interface OperationStatistics {
  readonly byKind: readonly KindStatistics[];
  /** The oldest first; an hour without any is not there. */
  readonly byHour: readonly HourStatistics[];
  readonly slowest: readonly SlowOperation[];
}

/** What people look at of many instances at once: each call is few statements, however many there are. */
export interface OverviewRepository {
  /** The newest unfinished operation of each instance that has one, by the instance's id. */
  newestUnfinished(instanceIds: readonly string[]): Promise<ReadonlyMap<string, OperationHead>>;
  /** How many unfinished operations wait, and how many are with their guests. */
  unfinished(): Promise<{ readonly queued: number; readonly underWay: number }>;
  operationsSince(date: Date): Promise<OperationStatistics>;
}
