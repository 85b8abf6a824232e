/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a clean page picture of 300 dpi look as if an office scanner had taken it: toner wear,
 * show-through of the back, paper tint, skew, the dark gap beside the sheet, lens blur, sensor
 * noise, dust, a dirty-glass streak. The same seed gives the same picture. It knows nothing about
 * what is on the page.
 *
 * usage: sample-scan IN.png OUT.(jpg|png|tif) [key=value …]   keys: see `table` below
 */
#include <errno.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct look {
	double seed, skew, fade, show, tint, edge, blur, noise, dust, streak, turn, dpi, grey,
	    quality, threshold, mute;
	const char *back; /* picture printed on the other side */
};

/* clang-format off */
static const struct {
	const char *key;
	size_t at;
	double usual;
	const char *what;
} table[] = {
	{"seed", offsetof(struct look, seed), 1, "start of the random numbers"},
	{"skew", offsetof(struct look, skew), 0, "degrees clockwise"},
	{"fade", offsetof(struct look, fade), 0, "0 black toner … 1 nothing left"},
	{"show", offsetof(struct look, show), 0, "how much of the back shines through, 0 … 1"},
	{"tint", offsetof(struct look, tint), 0, "0 white … 1 brownish recycled paper"},
	{"edge", offsetof(struct look, edge), 0, "shadow along the sheet's edges, 0 … 1"},
	{"blur", offsetof(struct look, blur), 0, "lens blur, 0 … 1"},
	{"noise", offsetof(struct look, noise), 0, "standard deviation of the sensor noise in grey levels"},
	{"dust", offsetof(struct look, dust), 0, "specks on the sheet"},
	{"streak", offsetof(struct look, streak), 0, "vertical lines of a dirty glass"},
	{"turn", offsetof(struct look, turn), 0, "quarter turns clockwise, as the sheet was fed"},
	{"dpi", offsetof(struct look, dpi), 300, "resolution of the result"},
	{"grey", offsetof(struct look, grey), 0, "1: grey, 2: black and white"},
	{"mute", offsetof(struct look, mute), 0, "1: the file names no resolution"},
	{"quality", offsetof(struct look, quality), 85, "of a JPEG"},
	{"threshold", offsetof(struct look, threshold), 150, "for black and white"},
};
/* clang-format on */

static uint64_t state;

static double
uniform(void) /* xorshift64*, 0 … 1 */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (double)((state * 0x2545f4914f6cdd1dULL) >> 11) / 9007199254740992.0;
}

static double
normal(void) /* sum of uniforms: near enough for paper */
{
	double sum = -3;

	for (int i = 0; i < 6; i++)
		sum += uniform();
	return sum * 1.41;
}

static int
clip(double v)
{
	return v < 0 ? 0 : v > 255 ? 255 : (int)(v + 0.5);
}

static void
replace(PIX **pix, PIX *made)
{
	if (made == NULL) {
		fprintf(stderr, "sample-scan: out of memory\n");
		exit(1);
	}
	pixDestroy(pix);
	*pix = made;
}

/* A slowly changing random field over the page, about -1 … 1: uneven toner, uneven paper. */
static PIX *
field(int w, int h, int cells)
{
	PIX *small = pixCreate(cells, cells * h / w + 1, 8), *large;

	for (int y = 0; y < pixGetHeight(small); y++)
		for (int x = 0; x < cells; x++)
			pixSetPixel(small, x, y, clip(128 + 45 * normal()));
	large = pixScaleToSize(small, w, h);
	pixDestroy(&small);
	return large;
}

/* Of the picture's own size, or when like is given, of like's. */
static PIX *
sheet_of(const char *path, int turn, PIX *like)
{
	PIX *read = pixRead(path), *deep, *sheet;

	if (read == NULL) {
		fprintf(stderr, "sample-scan: %s: cannot be read\n", path);
		exit(1);
	}
	deep = pixConvertTo32(read);
	pixDestroy(&read);
	if (turn % 4 != 0)
		replace(&deep, pixRotateOrth(deep, turn % 4));
	sheet = like ? pixCreate(pixGetWidth(like), pixGetHeight(like), 32)
		     : pixCreate(pixGetWidth(deep), pixGetHeight(deep), 32);
	pixSetAll(sheet);
	pixRasterop(sheet, 0, 0, pixGetWidth(deep), pixGetHeight(deep), PIX_SRC, deep, 0, 0);
	pixDestroy(&deep);
	return sheet;
}

/* Toner, the other side, and the colour of the paper. */
static void
print_on_paper(PIX *sheet, const struct look *look)
{
	const int width = pixGetWidth(sheet), height = pixGetHeight(sheet);
	PIX *worn = field(width, height, 9), *back = NULL;
	const double paper[3] = {
	    255 - 3 - 14 * look->tint, 255 - 4 - 22 * look->tint, 255 - 6 - 42 * look->tint};

	if (look->back != NULL && look->show > 0) {
		PIX *other = sheet_of(look->back, (int)look->turn, sheet);

		back = pixConvertRGBToLuminance(other);
		pixDestroy(&other);
		pixFlipLR(back, back);
		replace(&back, pixBlockconvGray(back, NULL, 5, 5));
	}
	for (int y = 0; y < height; y++) {
		l_uint32 *line = pixGetData(sheet) + (size_t)y * pixGetWpl(sheet);
		l_uint32 *wear = pixGetData(worn) + (size_t)y * pixGetWpl(worn);
		l_uint32 *rear = back ? pixGetData(back) + (size_t)y * pixGetWpl(back) : NULL;

		for (int x = 0; x < width; x++) {
			double rub = (GET_DATA_BYTE(wear, x) - 128) / 128.0;
			double keep = fmax(0, fmin(1, 1 - look->fade * (1 + 0.35 * rub)));
			double shine =
			    rear ? look->show * (255 - GET_DATA_BYTE(rear, x)) / 255.0 : 0;
			int c[3];

			extractRGBValues(line[x], &c[0], &c[1], &c[2]);
			for (int i = 0; i < 3; i++)
				c[i] = clip(
				    paper[i] * (1 - shine) * (1 - (255 - c[i]) / 255.0 * keep));
			composeRGBPixel(c[0], c[1], c[2], line + x);
		}
	}
	pixDestroy(&worn);
	pixDestroy(&back);
}

static void
dust(PIX *sheet, const struct look *look)
{
	for (int i = 0; i < (int)look->dust; i++) {
		int x = (int)(uniform() * pixGetWidth(sheet)),
		    y = (int)(uniform() * pixGetHeight(sheet)),
		    size = 1 + (int)(uniform() * uniform() * 5);
		int shade = 60 + (int)(uniform() * 140);
		l_uint32 pixel;

		composeRGBPixel(shade, shade, shade, &pixel);
		for (int k = 0; k < size * size; k++)
			pixSetPixel(sheet, x + (int)(size * (uniform() - .5)),
			    y + (int)(size * (uniform() - .5)), pixel);
	}
}

/* The sheet lies askew in the frame; beside it the scanner's grey bed and a soft shadow are seen.
 */
static PIX *
lay_down(PIX *sheet, const struct look *look)
{
	const int width = pixGetWidth(sheet), height = pixGetHeight(sheet);
	const int shift_x = (int)(6 * normal()), shift_y = (int)(6 * normal());
	const double angle = look->skew * M_PI / 180;
	PIX *mask = pixCreate(width, height, 8), *laid, *soft;

	pixSetAll(mask);
	if (look->edge > 0) {
		replace(&mask, pixTranslate(NULL, mask, shift_x, shift_y, L_BRING_IN_BLACK));
		replace(&sheet, pixTranslate(NULL, sheet, shift_x, shift_y, L_BRING_IN_WHITE));
	}
	if (look->skew != 0) {
		replace(&sheet, pixRotateAMColor(sheet, (l_float32)angle, 0xffffff00));
		replace(&mask, pixRotateAMGray(mask, (l_float32)angle, look->edge > 0 ? 0 : 255));
	}
	laid = sheet;
	soft = pixBlockconvGray(mask, NULL, 9, 9);
	for (int y = 0; y < height && look->edge > 0; y++) {
		l_uint32 *line = pixGetData(laid) + (size_t)y * pixGetWpl(laid);
		l_uint32 *on = pixGetData(mask) + (size_t)y * pixGetWpl(mask),
			 *near = pixGetData(soft) + (size_t)y * pixGetWpl(soft);

		for (int x = 0; x < width; x++) {
			double paper = GET_DATA_BYTE(on, x) / 255.0,
			       shade = 1 - 0.45 * look->edge * (1 - GET_DATA_BYTE(near, x) / 255.0);
			double bed = 236 - 130 * look->edge;
			int c[3];

			extractRGBValues(line[x], &c[0], &c[1], &c[2]);
			for (int i = 0; i < 3; i++)
				c[i] = clip(paper * c[i] * shade + (1 - paper) * bed);
			composeRGBPixel(c[0], c[1], c[2], line + x);
		}
	}
	pixDestroy(&mask);
	pixDestroy(&soft);
	return laid;
}

/* Lens, sensor and glass. Luminance noise is a little soft, as after a scanner's own sharpening and
 * resampling. */
static PIX *
look_at(PIX *laid, const struct look *look)
{
	const int width = pixGetWidth(laid), height = pixGetHeight(laid);
	PIX *texture = field(width, height, 500);
	double *gain = calloc((size_t)width, sizeof *gain);

	if (gain == NULL)
		exit(1);
	if (look->blur > 0) {
		L_KERNEL *lens = makeGaussianKernel(2, 2, (l_float32)(0.35 + look->blur), 1);

		replace(&laid, pixConvolveRGB(laid, lens));
		kernelDestroy(&lens);
	}
	for (int x = 0; x < width; x++)
		gain[x] = 1 + 0.0012 * look->noise * normal();
	for (int i = 0; i < (int)look->streak; i++) {
		int at = (int)(width * 0.08 + uniform() * width * 0.84),
		    wide = 1 + (int)(uniform() * 3);
		double dark = 0.55 + 0.35 * uniform();

		for (int k = 0; k < wide; k++)
			gain[at + k] *= dark;
	}
	for (int y = 0; y < height; y++) {
		l_uint32 *line = pixGetData(laid) + (size_t)y * pixGetWpl(laid),
			 *grain = pixGetData(texture) + (size_t)y * pixGetWpl(texture);

		for (int x = 0; x < width; x++) {
			double n =
			    look->noise * (0.8 * normal() + (GET_DATA_BYTE(grain, x) - 128) / 90.0);
			int c[3];

			extractRGBValues(line[x], &c[0], &c[1], &c[2]);
			for (int i = 0; i < 3; i++)
				c[i] = clip(
				    c[i] * gain[x] + n + 0.25 * look->noise * (uniform() - .5));
			composeRGBPixel(c[0], c[1], c[2], line + x);
		}
	}
	free(gain);
	pixDestroy(&texture);
	return laid;
}

static int
write_page(PIX *pix, const char *path, const struct look *look)
{
	const char *end = strrchr(path, '.');
	const int dpi = (int)look->dpi;
	int format = end && strcmp(end, ".jpg") == 0   ? IFF_JFIF_JPEG
		     : end && strcmp(end, ".tif") == 0 ? IFF_TIFF_LZW
						       : IFF_PNG;
	int failed;

	if (dpi != 300)
		replace(&pix, pixScale(pix, (l_float32)(dpi / 300.0), (l_float32)(dpi / 300.0)));
	if (look->grey > 0)
		replace(&pix, pixConvertRGBToLuminance(pix));
	if (look->grey > 1) {
		replace(&pix, pixThresholdToBinary(pix, (int)look->threshold));
		format = format == IFF_TIFF_LZW ? IFF_TIFF_G4 : IFF_PNG;
	}
	if (look->mute == 0)
		pixSetResolution(pix, dpi, dpi);
	else
		pixSetResolution(pix, 0, 0);
	failed = format == IFF_JFIF_JPEG ? pixWriteJpeg(path, pix, (int)look->quality, 0)
					 : pixWrite(path, pix, format);
	pixDestroy(&pix);
	return failed;
}

static int
parse(struct look *look, const char *argument)
{
	const char *value = strchr(argument, '=');
	char *end;

	if (value == NULL)
		return -EINVAL;
	if (strncmp(argument, "back=", 5) == 0) {
		look->back = value + 1;
		return 0;
	}
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strlen(table[i].key) == (size_t)(value - argument) &&
		    strncmp(argument, table[i].key, (size_t)(value - argument)) == 0) {
			*(double *)((char *)look + table[i].at) = strtod(value + 1, &end);
			return *end ? -EINVAL : 0;
		}
	return -EINVAL;
}

int
main(int argc, char **argv)
{
	struct look look = {0};
	PIX *page;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		*(double *)((char *)&look + table[i].at) = table[i].usual;
	if (argc < 3) {
		fprintf(stderr,
		    "usage: sample-scan IN.png OUT.(jpg|png|tif) [back=FILE] [key=value …]\n");
		for (size_t i = 0; i < sizeof table / sizeof *table; i++)
			fprintf(stderr, "  %-10s %g  %s\n", table[i].key, table[i].usual,
			    table[i].what);
		return 2;
	}
	for (int i = 3; i < argc; i++)
		if (parse(&look, argv[i]) < 0) {
			fprintf(stderr, "sample-scan: what is %s?\n", argv[i]);
			return 2;
		}
	state = (uint64_t)look.seed * 0x9e3779b97f4a7c15ULL + 1;
	page = sheet_of(argv[1], (int)look.turn, NULL);
	print_on_paper(page, &look);
	dust(page, &look);
	page = lay_down(page, &look);
	page = look_at(page, &look);
	return write_page(page, argv[2], &look) ? 1 : 0;
}
