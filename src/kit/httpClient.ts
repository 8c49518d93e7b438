/** What came of one HTTP request. Exactly one of `status` and `error` is null. */
export interface HttpAnswer {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`, … */
  readonly error: string | null;
  /** Milliseconds until connect() succeeded; null where it did not. */
  readonly connectMs: number | null;
  /** Milliseconds from connect() to the last byte, or to the error. */
  readonly totalMs: number;
}
