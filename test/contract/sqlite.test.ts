/** The contract over the demo's database file, opened directly. */
import { openStore } from '../../src/mlflow/open-store.ts';
import { demoPath } from '../support/demo.ts';
import { describeStore } from './tracking-store.contract.ts';

describeStore('SQLite', () => openStore(demoPath));
