/** The causes of an error: a chain of errors, as their texts. */

/** @internal Returns the options of an error with these causes, the nearest first. */
export function withCauses(causes: readonly string[] = []): ErrorOptions {
  return causes.reduceRight<ErrorOptions>((options, text) => ({ cause: new Error(text, options) }), {});
}

/** @internal Returns the texts of the causes of an error, the nearest first. */
export function causesOf(error: Error): string[] {
  const texts: string[] = [];
  for (let { cause } = error; cause instanceof Error; { cause } = cause) texts.push(cause.message);
  return texts;
}
