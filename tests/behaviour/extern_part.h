#define PART 1
