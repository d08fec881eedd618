// Sequence options of identity columns and of sequences, as drizzle-kit fills them in.

const text = (value) => (value === undefined || value === null ? undefined : String(value));

export function sequenceOptions(options, smallest, greatest) {
  const increment = text(options?.increment) ?? '1';
  const descending = Number.parseFloat(increment) < 0;
  const minValue = text(options?.minValue) ?? (descending ? smallest : '1');
  const maxValue = text(options?.maxValue) ?? (descending ? '-1' : greatest);
  const startWith = text(options?.startWith) ?? (descending ? maxValue : minValue);
  return { increment, startWith, minValue, maxValue, cache: text(options?.cache) ?? '1', cycle: options?.cycle ?? false };
}

export function identitySnapshot(session, place, column, name) {
  const { type, sequenceName, sequenceOptions: given } = column.generatedIdentity;
  const sqlType = column.getSQLType();
  const greatest = sqlType === 'integer' ? '2147483647' : sqlType === 'bigint' ? '9223372036854775807' : '32767';
  // The smallest value is drizzle-kit's for every type: it asks for the wrong name of the type.
  const options = sequenceOptions(given, '-32768', greatest);
  const sequence = sequenceName ?? `${place.name}_${name}_seq`;
  if (!place.isView) session.takeRelation(place.schemaName, sequence, 'identity sequence', place, 'duplicate-sequence');
  return { type, name: sequence, schema: place.schemaName, ...options };
}
