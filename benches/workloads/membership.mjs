// Runs that come and go.
import { at, joinAll, member, names } from "../vocabulary.mjs";
import { ExtendedPool } from "../yardstick/extended.mjs";

/** @import { Workload } from "./workload.mjs" */

/** @type {Workload} */
const leaveAndJoin = {
  id: "g",
  title: "leave or join, 1,000 members",
  unit: "leave or join",
  ports: ["object"],
  bars: {},
  full: { members: 1_000, operations: 20 },
  small: { members: 20, operations: 20 },
  make: ({ members = 0, operations }) => {
    const joining = names("run", members).map((name, index) => member(name, [`topic.${index % 10}`]));
    const turn = joining.slice(0, operations / 2);
    return {
      fill: (contender) => joinAll(contender, joining),
      round: ({ pool }) =>
        pool instanceof ExtendedPool
          ? () =>
              turn.map((leaving) => {
                const left = pool.leaveRun(leaving.run_id);
                pool.joinRun(leaving);
                return left;
              })
          : async () => {
              const left = [];
              for (let index = 0; index < turn.length; index += 1) {
                const leaving = at(turn, index);
                if (!("leaveRun" in pool)) throw new Error("only pools whose runs can leave");
                left.push(await pool.leaveRun(leaving.run_id));
                await pool.joinRun(leaving);
              }
              return left;
            },
    };
  },
};

export const membership = [leaveAndJoin];
