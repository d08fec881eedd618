// Matched by no pattern, imported by nobody: not part of the schema.
throw new Error('never loaded');
