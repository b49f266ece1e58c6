import { component, pipeline } from 'ferrule';

export const sayHello = component({ image: 'hello' }, (_inputs: { name: string }): string => 'hello');

export default pipeline('hello', { who: 'world' }, ({ who }) => {
  sayHello({ name: who });
});
