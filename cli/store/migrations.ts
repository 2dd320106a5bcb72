/**
 * The tables of a store, as steps from an empty file to now. A step that has been released is never changed; what comes later is a new step at the end.
 * Everything that was imported points to the file it came from by the hash of its bytes, so that the same file twice is there once.
 */
export const migrations: readonly string[] = [
  `
  create table files (
    sha256 varchar primary key,
    name varchar not null,
    bytes bigint not null,
    reader varchar not null,
    imported timestamp not null,
    label varchar,
    facts json not null
  );
  create table measurements (
    sha256 varchar not null,
    position bigint not null,
    line bigint not null,
    benchmark varchar not null,
    "case" json not null,
    quantity varchar not null,
    value double not null,
    unit varchar not null,
    marks varchar not null,
    other json
  );
  create table line_problems (sha256 varchar not null, line bigint not null, got varchar not null, expected varchar not null);
  create table exclusions (sha256 varchar not null, rule varchar not null, count bigint not null);
  create table documents (kind varchar not null, id varchar not null, sha256 varchar, saved timestamp not null, document json not null, primary key (kind, id));
  create table predictions (
    id varchar not null,
    made timestamp not null,
    selection json not null,
    devices bigint not null,
    quantity varchar not null,
    value double not null,
    low95 double,
    high95 double,
    unit varchar not null,
    primary key (id, devices, quantity)
  );
  `,
  // A file may belong to several machines.
  `
  create table labels (sha256 varchar not null, label varchar not null, primary key (sha256, label));
  insert into labels select sha256, label from files where label is not null;
  `,
  // Plans that a search found, best first.
  `
  create table sweeps (
    id varchar not null,
    made timestamp not null,
    question json not null,
    place bigint not null,
    devices bigint not null,
    choices json not null,
    quantity varchar not null,
    value double not null,
    low95 double,
    high95 double,
    unit varchar not null,
    primary key (id, place, quantity)
  );
  `,
];

export const tables = ["files", "labels", "measurements", "line_problems", "exclusions", "documents", "predictions", "sweeps"] as const;
export type Table = (typeof tables)[number];
