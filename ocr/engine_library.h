/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Tesseract asks of other libraries in vain, done away with: the linker finds the functions of
 * engine_library.c before those libraries'. What is read stays the same, byte by byte.
 */
#ifndef FUMIKURA_OCR_ENGINE_LIBRARY_H
#define FUMIKURA_OCR_ENGINE_LIBRARY_H

/* Does nothing: a program that calls it has those functions. */
void engine_library_hold(void);

#endif
