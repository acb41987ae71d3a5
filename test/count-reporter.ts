import type { Reporter, TestCase } from 'vitest/node'

/** Prints one closing line, `N passed, N failed, N skipped`, for whoever reads only the end of a log. */
export class CountReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 }

  onTestCaseResult(testCase: TestCase): void {
    const { state } = testCase.result()
    if (state !== 'pending') this.#counts[state]++
  }

  onTestRunEnd(_modules: unknown, unhandledErrors: readonly unknown[]): void {
    const { passed, failed, skipped } = this.#counts
    // The default reporter prints its summary after this one's hook has run.
    process.once('exit', () =>
      console.log(`${passed} passed, ${failed + unhandledErrors.length} failed, ${skipped} skipped`),
    )
  }
}
