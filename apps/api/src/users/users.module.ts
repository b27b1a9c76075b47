import { Module } from '@nestjs/common';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresService } from './erasures.service.js';
import { ErasuresStore } from './erasures.store.js';
import { UsersController } from './users.controller.js';
import { UsersStore } from './users.store.js';

@Module({
  controllers: [UsersController, ErasuresController],
  providers: [UsersStore, ErasuresStore, ErasuresService],
})
export class UsersModule {}
