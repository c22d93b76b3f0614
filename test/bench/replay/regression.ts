// Ridge-penalised logistic regression, by Newton's method.

export interface Observation {
  /** One value for each feature. */
  readonly values: readonly number[]
  /** From 0 (did not happen) to 1 (did). */
  readonly outcome: number
  /** How much it counts. */
  readonly weight: number
}

export interface Model {
  readonly bias: number
  /** For each feature, in its own unit. */
  readonly weights: readonly number[]
}

const ROUNDS = 25

/**
 * `penalty` is above 0. Maximises the weighted log-likelihood less `penalty`/2 times the squared weights of the standardised features (Hastie,
 * Tibshirani, Friedman, "The Elements of Statistical Learning", 2nd edition, sections 4.4.1 and 3.4.1). A feature that never
 * varies gets weight 0. O(rounds × observations × features²).
 */
export function fitLogistic(observations: readonly Observation[], penalty: number): Model {
  const width = observations[0]?.values.length ?? 0
  const scales = Array.from({ length: width }, (_, index) => scaleOf(observations, index))
  const rows = observations.map(({ values }) => [
    1,
    ...values.map((value, index) => {
      const { mean, deviation } = scales[index] ?? { mean: 0, deviation: 0 }
      return deviation === 0 ? 0 : (value - mean) / deviation
    }),
  ])
  let solution: readonly number[] = Array.from({ length: width + 1 }, () => 0)
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = newtonStep(rows, observations, solution, penalty)
    solution = solution.map((value, index) => value - (step[index] ?? 0))
    if (step.every((value) => Math.abs(value) < 1e-6)) break
  }
  const [bias = 0, ...standard] = solution
  const weights = standard.map((value, index) => {
    const deviation = scales[index]?.deviation ?? 0
    return deviation === 0 ? 0 : value / deviation
  })
  return { bias: bias - weights.reduce((sum, weight, index) => sum + weight * (scales[index]?.mean ?? 0), 0), weights }
}

function scaleOf(observations: readonly Observation[], index: number): { mean: number; deviation: number } {
  const count = Math.max(1, observations.length)
  const mean = observations.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) / count
  const variance = observations.reduce((sum, { values }) => sum + ((values[index] ?? 0) - mean) ** 2, 0) / count
  return { mean, deviation: variance < 1e-12 ? 0 : Math.sqrt(variance) }
}

function newtonStep(
  rows: readonly (readonly number[])[],
  observations: readonly Observation[],
  solution: readonly number[],
  penalty: number,
): readonly number[] {
  const size = solution.length
  // The bias is hardly penalised; a feature that never varies keeps the matrix regular by its penalty alone.
  const penalties = solution.map((_, index) => (index === 0 ? 1e-3 : penalty))
  const gradient = solution.map((value, index) => (penalties[index] ?? 0) * value)
  const curvature = penalties.map((value, index) => {
    return penalties.map((_, other) => (other === index ? value : 0))
  })
  for (const [at, row] of rows.entries()) {
    const { outcome = 0, weight = 0 } = observations[at] ?? {}
    const value = row.reduce((sum, x, index) => sum + x * (solution[index] ?? 0), 0)
    const chance = 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, value))))
    const slope = weight * (chance - outcome)
    const bend = weight * chance * (1 - chance) + 1e-9
    for (let i = 0; i < size; i += 1) {
      const x = row[i] ?? 0
      if (x === 0) continue
      gradient[i] = (gradient[i] ?? 0) + slope * x
      const line = curvature[i]
      if (line === undefined) continue
      for (let j = 0; j <= i; j += 1) line[j] = (line[j] ?? 0) + bend * x * (row[j] ?? 0)
    }
  }
  for (let i = 0; i < size; i += 1) {
    const line = curvature[i] ?? []
    for (let j = i + 1; j < size; j += 1) line[j] = curvature[j]?.[i] ?? 0
  }
  return solve(curvature, gradient)
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((line, index) => [...line, right[index] ?? 0])
  const size = rows.length
  for (let at = 0; at < size; at += 1) {
    const [pivot] = rows.slice(at).toSorted((a, b) => Math.abs(b[at] ?? 0) - Math.abs(a[at] ?? 0))
    if (pivot === undefined) break
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(at, 0, pivot)
    for (const [index, row] of rows.entries()) {
      if (index === at) continue
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1)
      if (factor === 0) continue
      for (let column = at; column <= size; column += 1) {
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0)
      }
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1))
}
