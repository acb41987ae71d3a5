/**
 * Calls a hook of the application's for which nobody waits. What it throws, or what a promise that it answers rejects with, is told a
 * microtask later, or whenever it does: a rejection that nobody hears would end the process. Never throws.
 */
export function callHook(hook: () => unknown, onThrown: (thrown: unknown) => void): void {
  new Promise((resolve) => resolve(hook())).catch(onThrown)
}
