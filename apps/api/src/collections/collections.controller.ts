import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import * as z from 'zod';
import {
  albumList,
  albumRequest,
  changeCollection,
  collectionList,
  collectionView,
  createCollection,
  id,
  itemPage,
  itemStates,
  pageQuery,
  restoreAlbum,
  type AlbumList,
  type AlbumRequest,
  type ChangeCollection as ChangeBody,
  type CollectionView,
  type CreateCollection as CreateBody,
  type RestoreAlbum as AlbumBody,
} from '@albumen/contracts';
import {
  ChangeCollection,
  CreateCollection,
  readAlbums,
  readCollection,
  readCollectionItems,
  readCollections,
  RestoreAlbum,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const itemsQuery = pageQuery.extend({ state: z.enum(itemStates).optional(), q: z.string().max(200).optional() });

/** The tree of collections and what lies in it. */
@Controller('api/collections')
export class CollectionsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly createCollection: CreateCollection,
    private readonly changeCollection: ChangeCollection,
    private readonly restoreAlbum: RestoreAlbum,
  ) {}

  @Get()
  @Needs('catalogue.read')
  @Answers(collectionList)
  list(): Promise<{ rows: CollectionView[] }> {
    return readCollections(this.bench);
  }

  @Post()
  @Needs('collection.edit')
  @Answers(collectionView, 201)
  async create(
    @Person() person: RecognisedPerson,
    @Body({ schema: createCollection }) body: CreateBody,
  ): Promise<CollectionView> {
    const made = await this.createCollection.execute(person.actor, body);
    return readCollection(this.bench, made.id);
  }

  @Get(':id')
  @Needs('catalogue.read')
  @Answers(collectionView)
  one(@Param('id', { schema: id }) collectionId: string): Promise<CollectionView> {
    return readCollection(this.bench, collectionId);
  }

  @Patch(':id')
  @Needs('collection.edit')
  @Answers(collectionView)
  async change(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) collectionId: string,
    @Body({ schema: changeCollection }) body: ChangeBody,
  ): Promise<CollectionView> {
    await this.changeCollection.execute(person.actor, collectionId, body);
    return readCollection(this.bench, collectionId);
  }

  @Get(':id/items')
  @Needs('catalogue.read')
  @Answers(itemPage)
  items(
    @Param('id', { schema: id }) collectionId: string,
    @Query({ schema: itemsQuery }) query: z.infer<typeof itemsQuery>,
  ): Promise<z.infer<typeof itemPage>> {
    return readCollectionItems(this.bench, collectionId, query);
  }

  @Get(':id/albums')
  @Needs('catalogue.read')
  @Answers(albumList)
  albums(@Param('id', { schema: id }) collectionId: string): Promise<AlbumList> {
    return readAlbums(this.bench, collectionId);
  }

  @Post(':id/restorations')
  @Needs('restoration.request')
  @Answers(albumRequest)
  restore(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) collectionId: string,
    @Body({ schema: restoreAlbum }) body: AlbumBody,
  ): Promise<AlbumRequest> {
    return this.restoreAlbum.execute(person.actor, collectionId, body);
  }
}
