// Files that a program writes: nothing is learnt from them, and nothing proposed in them.

/** Lock files, minified and bundled code, source maps, and what generators name as theirs. */
const NAMES =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb?|go\.sum|gradle\.lockfile|packages\.lock\.json|[^/]*\.lock)$|[.-]min\.(?:js|mjs|cjs|css|html)$|\.bundle\.js$|\.(?:map|snap)$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|\.g\.(?:dart|cs)$|\.generated\.\w+$|_generated\.\w+$|\.designer\.cs$/i
/** Within the first lines, as the conventions of Go, Bazel, protobuf and others have it. */
const MARKS = /@generated\b|\bdo not (?:edit|modify)\b|\bauto-?generated\b|\bgenerated (?:by|from|file|code)\b/i
const HEAD = 600
/** Lines of hand-written code are shorter on average, however long some of them are. */
const MINIFIED_COLUMNS = 400
const MINIFIED_LENGTH = 5_000

/** By the name, by a mark among the first lines of the text, or by the length of its lines. O(length of the text). */
export function isGenerated(path: string, text: string): boolean {
  if (NAMES.test(path.replaceAll('\\', '/')) || MARKS.test(text.slice(0, HEAD))) return true
  if (text.length < MINIFIED_LENGTH) return false
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
  return text.length / lines > MINIFIED_COLUMNS
}
