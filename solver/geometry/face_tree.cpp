#include "geometry/face_tree.hpp"

#include <numeric>

namespace winze::geometry {

FaceTree::FaceTree(const Triangles& t, const std::vector<Index>* only) {
  std::vector<Index> faces;
  if (only) {
    faces = *only;
  } else {
    faces.resize(t.faces.size());
    std::iota(faces.begin(), faces.end(), 0);
  }
  std::vector<Box> boxes(faces.size());
  for (std::size_t i = 0; i < faces.size(); ++i)
    for (Index p : t.faces[faces[i]]) boxes[i].add(t.points[p]);
  tree_ = BoxTree(boxes);
  for (std::int32_t item : tree_.items()) {
    const Face& f = t.faces[faces[item]];
    faces_.push_back(faces[item]);
    corners_.push_back({t.points[f[0]], t.points[f[1]], t.points[f[2]]});
  }
  tree_.number_by_leaves();
}

FaceTree::Hit FaceTree::nearest(const Vector3& x, double within) const {
  Hit hit;
  tree_.nearest(x, within * within, [&](std::int32_t i, double bound2) {
    const OnTriangle on = nearest_on_triangle(x, corners_[i][0], corners_[i][1], corners_[i][2]);
    const Vector3 d = x - on.point;
    const double d2 = dot(d, d);
    if (d2 > bound2 || (d2 == bound2 && hit.face >= 0)) return bound2;
    hit = {faces_[i], on.feature, d2, on.point};
    return d2;
  });
  return hit;
}

}  // namespace winze::geometry
