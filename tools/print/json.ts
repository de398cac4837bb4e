const columns = 110;

/** Prints JSON for people to read: what fits on a line stands on one line. `taken` columns are used before it. */
export function printJson(value: unknown, indent = "", taken = indent.length): string {
  const short = oneLine(value);
  if (typeof value !== "object" || value === null || taken + short.length < columns) return short;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((one) => inner + printJson(one, inner)).join(",\n")}\n${indent}]`;
  }
  const rows = Object.entries(value).map(([name, one]) => {
    const key = `${inner}${JSON.stringify(name)}: `;
    return key + printJson(one, inner, key.length);
  });
  return `{\n${rows.join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${oneLine(one)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
