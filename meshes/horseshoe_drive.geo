// A straight drive of horseshoe profile, advanced in rounds of full face. Quadratic tetrahedra.
//
// x across, y along the drive, z up, all in m; the middle of the floor is x = z = 0, the drive enters at y = 0. It ends inside the block.
SetFactory("OpenCASCADE");

DefineConstant[
  wall = {0.6, Name "Size on the walls, m"}
  far = {8, Name "Size on the outer boundary, m"}
  width = {5, Name "Width of the drive, m"}
  side_wall = {2, Name "Height of the side walls, m"}
  round = {4, Name "Length of a round, m"}
  rounds = {5, Name "Number of rounds"}
  side = {50, Name "Width and height of the block, m"}
  length = {40, Name "Length of the block, m"}
];

half = width / 2;
end = rounds * round;
small = 1e-3;
z_low = -side / 2;

Box(1) = {-side / 2, 0, z_low, side, length, side};
Point(101) = {-half, 0, 0};
Point(102) = {half, 0, 0};
Point(103) = {half, 0, side_wall};
Point(104) = {0, 0, side_wall};
Point(105) = {0, 0, side_wall + half};
Point(106) = {-half, 0, side_wall};
Line(101) = {101, 102};
Line(102) = {102, 103};
Circle(103) = {103, 104, 105};
Circle(104) = {105, 104, 106};
Line(105) = {106, 101};
Curve Loop(101) = {101 : 105};
Plane Surface(101) = {101};
face = 101;
For k In {1 : rounds}
  out[] = Extrude {0, round, 0} { Surface{face}; };
  drive[] += out[1];
  face = out[0];
EndFor
all[] = BooleanFragments{ Volume{1}; Delete; }{ Volume{drive[]}; Delete; };

drive[] = {};
For k In {1 : rounds}
  v[] = Volume In BoundingBox {-half - small, (k - 1) * round - small, -small, half + small, k * round + small, side_wall + half + small};
  Physical Volume(Sprintf("drive_%g", k), 10 + k) = v[];
  drive[] += v[];
EndFor
rock[] = Volume{:};
rock[] -= drive[];
Physical Volume("rock", 1) = rock[];

x_min[] = Surface In BoundingBox {-side / 2 - small, -1, -side, -side / 2 + small, length + 1, side};
x_max[] = Surface In BoundingBox {side / 2 - small, -1, -side, side / 2 + small, length + 1, side};
y_min[] = Surface In BoundingBox {-side, -small, -side, side, small, side};
y_max[] = Surface In BoundingBox {-side, length - small, -side, side, length + small, side};
z_min[] = Surface In BoundingBox {-side, -1, z_low - small, side, length + 1, z_low + small};
z_max[] = Surface In BoundingBox {-side, -1, z_low + side - small, side, length + 1, z_low + side + small};
Physical Surface("x_min", 101) = x_min[];
Physical Surface("x_max", 102) = x_max[];
Physical Surface("y_min", 103) = y_min[];
Physical Surface("y_max", 104) = y_max[];
Physical Surface("z_min", 105) = z_min[];
Physical Surface("z_max", 106) = z_max[];
skin[] = CombinedBoundary{ Volume{drive[]}; };
skin[] = Abs(skin[]);
front[] = Surface In BoundingBox {-half - small, end - small, -small, half + small, end + small, side_wall + half + small};
skin[] -= y_min[];
skin[] -= front[];
Physical Surface("drive_wall", 111) = skin[];
Physical Surface("drive_face", 112) = front[];

Field[1] = Distance;
Field[1].FacesList = {skin[], front[]};
Field[1].NNodesByEdge = 40;
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
