import { pipeline } from 'ferrule';

export default pipeline('no-tasks', {}, () => {});
