// Included by the meshes of hexahedra: a square of side `side` with a circle of `radius` in its middle, nine structured faces in the plane
// z = base (vertical = 1; axes x, y) or y = base (vertical = 0; axes x, z).
//
// Gives faces[] = {core, 4 of the ring inside the circle, 4 outside}; each four go round: +second axis, −first, −second, +first.
// Cells: `quarter` round each quarter, `inner` from the core to the circle, `outer` from the circle to the side, each `growth` times the one before.

core = 0.5 * radius;
diagonal = radius / Sqrt(2);
u[] = {1, -1, -1, 1};
v[] = {1, 1, -1, -1};
distance[] = {core, diagonal, side / 2};
Point(1) = {0, vertical ? 0 : base, vertical ? base : 0};
For ring In {0 : 2}
  For k In {0 : 3}
    Point(10 * ring + 11 + k) = {u[k] * distance[ring], vertical ? v[k] * distance[ring] : base, vertical ? base : v[k] * distance[ring]};
  EndFor
EndFor
For k In {0 : 3}
  next = (k + 1) % 4;
  Line(11 + k) = {11 + k, 11 + next};
  Circle(21 + k) = {21 + k, 1, 21 + next};
  Line(31 + k) = {31 + k, 31 + next};
  Line(41 + k) = {11 + k, 21 + k};
  Line(51 + k) = {21 + k, 31 + k};
EndFor
Transfinite Curve{11 : 14, 21 : 24, 31 : 34} = quarter + 1;
Transfinite Curve{41 : 44} = inner + 1;
Transfinite Curve{51 : 54} = outer + 1 Using Progression growth;
Curve Loop(1) = {11 : 14};
Plane Surface(1) = {1};
For k In {0 : 3}
  next = (k + 1) % 4;
  Curve Loop(11 + k) = {-(11 + k), 41 + k, 21 + k, -(41 + next)};
  Plane Surface(11 + k) = {11 + k};
  Curve Loop(21 + k) = {-(21 + k), 51 + k, 31 + k, -(51 + next)};
  Plane Surface(21 + k) = {21 + k};
EndFor
faces[] = {1, 11 : 14, 21 : 24};
Transfinite Surface{faces[]};
Recombine Surface{faces[]};
