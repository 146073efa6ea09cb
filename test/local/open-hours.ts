import { defineJob } from 'worker-chains';
import quietWeek from './quiet-week';

/** `HH:MM` in UTC. At synthesis there are none. */
const { OPENS_AT: from = '00:00', CLOSES_AT: until = '24:00' } = process.env;

/** The quiet week in hours that the construct's environment sets. */
export default defineJob({ ...quietWeek, name: 'open-hours', sendWindow: { from, until, zone: 'Etc/UTC' } });
