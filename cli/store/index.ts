/** The store: measurements, documents and predictions of a user in one DuckDB file. Only verbs that keep or ask for something need it. */
export { tables, type Table } from "./migrations.ts";
export { openStore, storeOption, storePath, type Store } from "./open.ts";
export { keepAnswer, quantitiesOf, type KeptAnswer } from "./keep-answers.ts";
export { query, type QueryResult } from "./query.ts";
export { addLabel, isKnown, saveDocuments, saveFile, type SavedFile } from "./save.ts";
export { countRows, exportTables, formats, importTables, type Format } from "./transfer.ts";
export { readFiles, type StoredFile } from "./read-back.ts";
