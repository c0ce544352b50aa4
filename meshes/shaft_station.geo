// A segment of a circular shaft at full depth, with a station cut off it, in layered rock. Quadratic tetrahedra.
//
// x east, y north, z elevation, all in m; the shaft's axis is x = y = 0. The rounds and the boundaries of the layers lie on the same levels, so that
// every round is in one layer. The excavations are meshed: they are rock until a stage digs them.
SetFactory("OpenCASCADE");

DefineConstant[
  wall = {1.2, Name "Size on the walls, m"}
  far = {14, Name "Size on the outer boundary, m"}
  level = {-1895, Name "Elevation of the station's floor, m"}
  diameter = {11.5, Name "Excavated diameter of the shaft, m"}
  side = {120, Name "Side of the block, m"}
  above = {50, Name "Block above the station's floor, m"}
  below = {50, Name "Block below the station's floor, m"}
  round = {10, Name "Length of a sinking round, m"}
  rounds = {7, Name "Number of rounds from the top of the block"}
  station_length = {30, Name "Length of the station from the shaft's axis, m"}
  station_width = {7, Name "Width of the station, m"}
  station_wall = {3.5, Name "Height of the station's side walls, m"}
  upper_boundary = {20, Name "Boundary of rock_1 and rock_2 above the station's floor, m"}
  lower_boundary = {-10, Name "Boundary of rock_2 and rock_3 above the station's floor, m"}
];

radius = diameter / 2;
top = level + above;
bottom = level - below;
shaft_bottom = top - rounds * round;
small = 1e-3;

// Rock, from the top.
Box(1) = {-side / 2, -side / 2, level + upper_boundary, side, side, above - upper_boundary};
Box(2) = {-side / 2, -side / 2, level + lower_boundary, side, side, upper_boundary - lower_boundary};
Box(3) = {-side / 2, -side / 2, bottom, side, side, below + lower_boundary};

// Rounds of the shaft, from the top.
For k In {1 : rounds}
  Cylinder(10 + k) = {0, 0, top - k * round, 0, 0, round, radius};
EndFor

// The station: side walls and a half-circle roof, from the shaft's axis along x, less the shaft.
half = station_width / 2;
p = newp;
Point(p) = {0, -half, level};
Point(p + 1) = {0, half, level};
Point(p + 2) = {0, half, level + station_wall};
Point(p + 3) = {0, 0, level + station_wall};
Point(p + 4) = {0, -half, level + station_wall};
Point(p + 5) = {0, 0, level + station_wall + half};
c = newc;
Line(c) = {p, p + 1};
Line(c + 1) = {p + 1, p + 2};
Circle(c + 2) = {p + 2, p + 3, p + 5};
Circle(c + 3) = {p + 5, p + 3, p + 4};
Line(c + 4) = {p + 4, p};
Curve Loop(c) = {c : c + 4};
s = news;
Plane Surface(s) = {c};
station_solid[] = Extrude {station_length, 0, 0} { Surface{s}; };
Cylinder(9) = {0, 0, level - round, 0, 0, 3 * round, radius};
station[] = BooleanDifference{ Volume{station_solid[1]}; Delete; }{ Volume{9}; Delete; };

excavations[] = {11 : 10 + rounds};
excavations[] += station[];
all[] = BooleanFragments{ Volume{1 : 3}; Delete; }{ Volume{excavations[]}; Delete; };

// Volumes by where they are: fragments have new tags.
claimed[] = {};
For k In {1 : rounds}
  z = top - k * round;
  v[] = Volume In BoundingBox {-radius - small, -radius - small, z - small, radius + small, radius + small, z + round + small};
  Physical Volume(Sprintf("shaft_%g", k), 10 + k) = v[];
  shaft[] += v[];
EndFor
v[] = Volume In BoundingBox {0, -half - small, level - small, station_length + small, half + small, level + station_wall + half + small};
Physical Volume("station", 10 + rounds + 1) = v[];
station[] = v[];
rest[] = Volume{:};
rest[] -= shaft[];
rest[] -= station[];
For k In {1 : 3}
  low = (k == 1) ? level + upper_boundary : (k == 2) ? level + lower_boundary : bottom;
  high = (k == 1) ? top : (k == 2) ? level + upper_boundary : level + lower_boundary;
  v[] = Volume In BoundingBox {-side, -side, low - small, side, side, high + small};
  v[] -= shaft[];
  v[] -= station[];
  Physical Volume(Sprintf("rock_%g", k), k) = v[];
EndFor

// Surfaces: the outer boundary, and the walls of all that is ever dug.
x_min[] = Surface In BoundingBox {-side / 2 - small, -side, bottom - 1, -side / 2 + small, side, top + 1};
x_max[] = Surface In BoundingBox {side / 2 - small, -side, bottom - 1, side / 2 + small, side, top + 1};
y_min[] = Surface In BoundingBox {-side, -side / 2 - small, bottom - 1, side, -side / 2 + small, top + 1};
y_max[] = Surface In BoundingBox {-side, side / 2 - small, bottom - 1, side, side / 2 + small, top + 1};
z_min[] = Surface In BoundingBox {-side, -side, bottom - small, side, side, bottom + small};
z_max[] = Surface In BoundingBox {-side, -side, top - small, side, side, top + small};
Physical Surface("x_min", 101) = x_min[];
Physical Surface("x_max", 102) = x_max[];
Physical Surface("y_min", 103) = y_min[];
Physical Surface("y_max", 104) = y_max[];
Physical Surface("z_min", 105) = z_min[];
Physical Surface("z_max", 106) = z_max[];
shaft_skin[] = CombinedBoundary{ Volume{shaft[]}; };
station_skin[] = CombinedBoundary{ Volume{station[]}; };
shaft_skin[] = Abs(shaft_skin[]);
station_skin[] = Abs(station_skin[]);
bottom_face[] = Surface In BoundingBox {-radius - small, -radius - small, shaft_bottom - small, radius + small, radius + small, shaft_bottom + small};
mouth[] = shaft_skin[];
mouth[] -= station_skin[];
entrance[] = shaft_skin[];
entrance[] -= mouth[];
wall_faces[] = mouth[];
wall_faces[] -= bottom_face[];
wall_faces[] -= z_max[];
station_skin[] -= entrance[];
Physical Surface("shaft_wall", 111) = wall_faces[];
Physical Surface("shaft_bottom", 112) = bottom_face[];
Physical Surface("station_wall", 113) = station_skin[];
Physical Surface("station_entrance", 114) = entrance[];

// Size: `wall` on all that is dug, growing to `far` over half the block.
Field[1] = Distance;
Field[1].FacesList = {wall_faces[], bottom_face[], station_skin[]};
Field[1].NNodesByEdge = 60;
Field[2] = Threshold;
Field[2].IField = 1;
Field[2].LcMin = wall;
Field[2].LcMax = far;
Field[2].DistMin = 0;
Field[2].DistMax = side / 2;
Background Field = 2;
Mesh.CharacteristicLengthExtendFromBoundary = 0;
Mesh.CharacteristicLengthFromPoints = 0;
Mesh.CharacteristicLengthFromCurvature = 0;
Mesh.Algorithm = 6;
Mesh.Algorithm3D = 1;
Mesh.Optimize = 1;
Mesh.OptimizeThreshold = 0.4;
Mesh.ElementOrder = 2;
Mesh.SecondOrderLinear = 0;
Mesh.HighOrderOptimize = 1;
Mesh.HighOrderThresholdMin = 0.2;
Mesh.MshFileVersion = 4.1;
Mesh.Binary = 1;
