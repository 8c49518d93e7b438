/**
 * A sender of which only the newest value counts: at most one send at a time and one a frame; what came meanwhile and was
 * overtaken is never sent. `idle` is called when the last value has been answered.
 */
export function latestWins<T>(send: (value: T) => Promise<void>, schedule: (run: () => void) => void, idle: () => void): (value: T) => void {
  let next: { value: T } | null = null;
  let busy = false;

  const pump = async (): Promise<void> => {
    const taken = next;
    next = null;
    if (taken) await send(taken.value);
    if (next) {
      schedule(() => void pump());
      return;
    }
    busy = false;
    idle();
  };

  return (value) => {
    next = { value };
    if (busy) return;
    busy = true;
    schedule(() => void pump());
  };
}
